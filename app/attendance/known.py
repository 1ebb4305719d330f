"""Days absent: by half-day marks where a school sent any, else as they were told (LET-5, ATT-2)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import and_, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from app.attendance import many
from app.attendance.calendars.queries import calendars_at
from app.attendance.codes import CONFIRMED, PROVISIONAL, UNKNOWN, MarkedTerm
from app.attendance.many import AtSchool
from app.attendance.queries import told_of_school
from app.attendance.rules import Absences, HalfDays, Week
from app.attendance.tallies.models import ConfirmedTerm, MarkWeek, TermTally
from app.attendance.tallies.rules import Stay, joined, monday_of
from app.attendance.tallying import Marked, MarkedWeek, Tally, laid_over, marked, tally
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import TermOfYear, term_at
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.students.models import Enrolment, Student
from app.students.records.models import MergeState, StudentMerge

ONE_DAY, UNKNOWN_FOR = timedelta(days=1), 3
"""School days (LET-4)."""
Counted = tuple[int, int, date, date]
"""A student, a school, the first day of their term that is counted, and the last one that somebody asks about."""


@dataclass
class _Term:
    """A term of a student at a school: its sums, the time on the roll, and its weeks by their Mondays."""

    row: AnyRow
    stays: set[Stay] = field(default_factory=set)
    weeks: dict[date, str] = field(default_factory=dict)


def absences_of(student_id: int, school_id: int, *, on: date | None = None) -> Absences | None:
    """Days absent at this school: of the term of the newest marks, half-day by half-day, unless somebody told of a later one.
    `on`: of the newest that had begun by that day. Two statements, three where the marks are not of the present term. Who may
    see it is asked of the case before."""
    return absences_of_each([(student_id, school_id)], on=on).get((student_id, school_id))


def absences_until(student_id: int, school_id: int, until: date) -> Absences | None:
    """The same for whoever may know nothing of the days after one."""
    told = next((each for each in told_of_school(student_id, school_id) if each.told_on <= until), None)
    term = _terms_of([(student_id, school_id)], until).get((student_id, school_id))
    calendar = calendars_at([school_id]).get(school_id) if term and not _is_later(told, term) else None
    return _absences(term, calendar, until) if term and calendar else told


def absences_of_each(those: Collection[AtSchool], *, on: date | None = None) -> dict[AtSchool, Absences]:
    """The same of each of these: one statement for all marks, one for what was told of those without, and one for the calendars
    of the schools that sent any."""
    found = _terms_of(those, on) if those else {}
    present = term_at(on or clock.today())
    told = many.absences_of_each([each for each in those if not _is_of(found.get(each), present)])
    counted = {each: term for each, term in found.items() if not _is_later(told.get(each), term)}
    calendars = calendars_at({school_id for _, school_id in counted})
    by_marks = {each: _absences(term, calendars[each[1]]) for each, term in counted.items() if each[1] in calendars}
    return told | by_marks


def counted_until(those: Collection[Counted]) -> dict[Counted, Absences]:
    """By marks alone, of terms that are counted from these days on, each up to a day: two statements, of however many."""
    terms = _terms(those, TermTally.from_on.in_({each[2] for each in those})) if those else {}
    calendars = calendars_at({at for _, at, _ in terms})
    known = [each for each in those if each[:3] in terms and each[1] in calendars]
    return {each: _absences(terms[each[:3]], calendars[each[1]], each[3]) for each in known}


def half_days_since(students: AnySelect, school_id: int, term: TermOfYear) -> Any:
    """Half-days absent (`half_days`) of each of these students (`student`) at a school in a term: by marks; of a student without
    any as they were told last, none where that says nothing of the term alone. A table to ask, not asked here."""
    told = many.half_days_since(students, school_id, term.from_on)
    of_term = (TermTally.school_id == school_id, TermTally.term == term.code)
    by_marks = select(TermTally.student_id.label("student"), TermTally.absent.label("half_days"))
    is_marked = select(TermTally.term).where(TermTally.student_id == told.c.student, *of_term).exists()
    rest = select(told.c.student, told.c.half_days).where(~is_marked)
    return union_all(by_marks.where(TermTally.student_id.in_(students), *of_term), rest).subquery()


def _is_of(term: _Term | None, present: TermOfYear | None) -> bool:
    return term is not None and present is not None and term.row.term >= present.code


def _is_later(told: Absences | None, term: _Term) -> bool:
    """Is what was told of a later term than the marks?"""
    return bool(told and (later := term_at(told.to_on)) and later.code > term.row.term)


def _terms_of(those: Collection[AtSchool], on: date | None) -> dict[AtSchool, _Term]:
    """Of each the newest term with marks, or the newest of a day."""
    newest = aliased(TermTally)
    of = (newest.student_id == TermTally.student_id, newest.school_id == TermTally.school_id)
    last = select(func.max(newest.term)).where(*of, newest.from_on <= on if on else true()).correlate(TermTally)
    found, wanted = _terms(those, TermTally.term == last.scalar_subquery()), set(those)
    return {(one, at): term for (one, at, _), term in found.items() if (one, at) in wanted}


def _terms(those: Collection[tuple[Any, ...]], which: Any) -> dict[tuple[int, int, date], _Term]:
    """By student, school and first day."""
    found: dict[tuple[int, int, date], _Term] = {}
    for row in db.session.execute(_marks({each[0] for each in those}, {each[1] for each in those}, which)):
        term = found.setdefault((row.student_id, row.school_id, row.from_on), _Term(row))
        term.stays |= {Stay(row.stay_from, row.stay_to)} if row.stay_from else set()
        if row.monday:  # those of a record that went into theirs come first
            term.weeks[row.monday] = laid_over(term.weeks.get(row.monday, row.marks), row.marks)
    return found


def _marks(students: Collection[int], schools: Collection[int], which: Any) -> AnySelect:
    """Of such terms: with each time on the roll then, and each week."""
    whose = _records(students)
    confirmed = and_(ConfirmedTerm.school_id == TermTally.school_id, ConfirmedTerm.term == TermTally.term)
    return (
        select(*TermTally.__table__.c, ConfirmedTerm.at.label("confirmed_at"), MarkWeek.monday, MarkWeek.marks)
        .add_columns(Enrolment.from_on.label("stay_from"), Enrolment.to_on.label("stay_to"))
        .select_from(TermTally)
        .join(whose, whose.c.student == TermTally.student_id)
        .outerjoin(ConfirmedTerm, confirmed)
        .outerjoin(Enrolment, and_(*_on_roll()))
        .outerjoin(MarkWeek, and_(MarkWeek.student_id == whose.c.record, *_in_term()))
        .where(TermTally.student_id.in_(students), TermTally.school_id.in_(schools), which)
        .order_by(TermTally.student_id, MarkWeek.monday, whose.c.is_own, whose.c.record)
    )


def _on_roll() -> Iterator[Any]:
    yield Enrolment.student_id == TermTally.student_id
    yield Enrolment.school_id == TermTally.school_id
    yield Enrolment.from_on <= TermTally.to_on
    yield or_(Enrolment.to_on.is_(None), Enrolment.to_on >= TermTally.from_on)


def _in_term() -> Iterator[Any]:
    """Its weeks, and those around it: which days count is asked of each day."""
    yield MarkWeek.school_id == TermTally.school_id
    yield MarkWeek.monday <= TermTally.to_on
    yield MarkWeek.monday > _a_week_before(TermTally.from_on)


def _a_week_before(day: Any) -> Any:
    if db.session.get_bind().dialect.name == "sqlite":
        return func.date(day, "-7 days")
    return day - timedelta(weeks=1)


def _records(students: Collection[int]) -> Any:
    """Each of these, and the records that went into theirs."""
    own = select(Student.id.label("student"), Student.id.label("record"), literal(1).label("is_own"))
    went = select(StudentMerge.into_id, StudentMerge.from_id, literal(0))
    merged = (StudentMerge.state == MergeState.CONFIRMED, StudentMerge.into_id.in_(students))
    return union_all(own.where(Student.id.in_(students)), went.where(*merged)).subquery()


def _absences(term: _Term, calendar: SchoolCalendar, until: date = date.max) -> Absences:
    row, to_on = term.row, min(term.row.to_on, until)
    half_days = list(_half_days(term, calendar, to_on))
    sums = tally(half_days)
    today, days = clock.today(), sorted(_unknown(half_days))
    besides = MarkedTerm(
        row.term,
        *(sums.rate, sums.band, sums.step_words, sums.unmarked, row.confirmed_at is not None),
        [day for day in days if calendar.school_days(day + ONE_DAY, today) > UNKNOWN_FOR],
    )
    told = (to_on, _counted(sums), CONFIRMED if besides.is_confirmed else PROVISIONAL, to_on)
    return Absences(row.from_on, to_on, *told, tuple(_weeks(half_days)), besides)


def _unknown(half_days: Sequence[Marked]) -> set[date]:
    return {each.day for each in half_days if each.code and each.code.letter == UNKNOWN}


def _half_days(term: _Term, calendar: SchoolCalendar, last: date) -> Iterator[Marked]:
    """Of the days on the roll, as they are summed."""
    first, weeks = term.row.from_on, [MarkedWeek(*week) for week in term.weeks.items()]
    for stay in joined(term.stays):
        yield from marked(weeks, calendar, max(stay.from_on, first), min(stay.to_on or last, last))


def _weeks(half_days: Sequence[Marked]) -> Iterator[Week]:
    for monday, some in groupby(half_days, key=lambda each: monday_of(each.day)):
        sums = tally(some)
        if sums.rated:
            yield Week(monday, _counted(sums))


def _counted(sums: Tally) -> HalfDays:
    """Half-days that are marked, and stand in the rate: of the others nobody says that the student was there."""
    return HalfDays(sums.rated, sums.explained, sums.unexplained)
