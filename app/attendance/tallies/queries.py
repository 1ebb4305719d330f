"""Marks and their sums. Who may see them is asked of the roll and the case before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union, union_all

from app.attendance.calendars.queries import calendars_at
from app.attendance.rules import Compared
from app.attendance.tallies.comparing import compared_by_marks
from app.attendance.tallies.models import MarkWeek, TallyDue, TermTally
from app.attendance.tallies.rules import (
    Stay,
    begun,
    half_days_in,
    joined,
    last_marked,
    monday_of,
    terms_between,
)
from app.attendance.tallying import MarkedWeek
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import earliest_start
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Catchment, School
from app.students.models import Enrolment, Student
from app.students.records.models import MergeState, StudentMerge

Sums = set[tuple[Any, ...]]
"""Of every term of a student at a school."""
LOOK_BACK = timedelta(weeks=16)
"""Five school weeks, with the summer between."""
_CONFIRMED = StudentMerge.state == MergeState.CONFIRMED


def weeks_of(student_id: int, school_id: int, from_on: date, to_on: date) -> list[MarkedWeek]:
    """Of one student at one school, also those of a record that went into theirs; in order."""
    return weeks_of_each([student_id], school_id, from_on, to_on).get(student_id, [])


def weeks_of_each(
    students: Collection[int], school_id: int, from_on: date, to_on: date
) -> Mapping[int, list[MarkedWeek]]:
    """Of each of these, those of a record that went into theirs first; one statement."""
    there = (MarkWeek.school_id == school_id, MarkWeek.monday.between(monday_of(from_on), to_on))
    statement = weeks_with_former(Student.id.in_(students), *there)
    found: dict[int, list[MarkedWeek]] = {}
    for student_id, monday, marks, *_ in db.session.execute(statement) if students else ():
        found.setdefault(student_id, []).append(MarkedWeek(monday, marks))
    return found


def weeks_with_former(*which: Any, joins: Iterable[Any] = (), beside: Iterable[Any] = ()) -> Any:
    """A student, a Monday and ten marks, in order of the weeks, those of a record that went into theirs before their own. Each half
    finds its weeks by their key; one that asked for either record would read all of them. `joins`: tables more, each with its
    condition; `beside`: columns of them."""
    weeks, whose = (MarkWeek.monday, MarkWeek.marks), MarkWeek.student_id.label("record")
    has_gone = exists().where(StudentMerge.from_id == Student.id, _CONFIRMED)
    own = select(Student.id.label("student"), *weeks, literal(1).label("is_own"), whose, *beside)
    own = own.join(MarkWeek, MarkWeek.student_id == Student.id).where(*which, ~has_gone)
    went = select(StudentMerge.into_id, *weeks, literal(0), whose, *beside)
    went = went.join(Student, Student.id == StudentMerge.into_id)
    went = went.join(MarkWeek, MarkWeek.student_id == StudentMerge.from_id).where(*which, _CONFIRMED)
    for table, condition in joins:
        own, went = own.join(table, condition), went.join(table, condition)
    return union_all(own, went).order_by("monday", "is_own", "record")


def sums_of_each(school_id: int, students: Collection[int]) -> Mapping[int, Sums]:
    """What is counted of each of these at a school, to be put beside what was counted before."""
    names = ("term", "absent", "explained", "present", "justified", "unjustified", "from_on", "to_on")
    columns = [getattr(TermTally, name) for name in names]
    here = (TermTally.school_id == school_id, TermTally.student_id.in_(students))
    found: dict[int, Sums] = {}
    for student_id, *sums in db.session.execute(select(TermTally.student_id, *columns).where(*here)):
        found.setdefault(student_id, set()).add(tuple(sums))
    return found


def stays_at(school_id: int, students: Collection[int], from_on: date) -> Mapping[int, list[Stay]]:
    """When each of these was on the roll since a day."""
    here = (Enrolment.school_id == school_id, Enrolment.student_id.in_(students))
    statement = select(Enrolment.student_id, Enrolment.from_on, Enrolment.to_on).where(
        *here, or_(Enrolment.to_on.is_(None), Enrolment.to_on >= from_on)
    )
    found: dict[int, list[Stay]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.student_id, []).append(Stay(row.from_on, row.to_on))
    return {student_id: list(joined(stays)) for student_id, stays in found.items()}


def compared_each(school_id: int, since: Mapping[int, date]) -> Mapping[int, Compared]:
    """Of students, each with a day: by the marks of this school, and no other, the days since then and those before. Four
    statements; one where there are no marks, none where there are no students."""
    from_on, today = min(since.values(), default=clock.today()) - LOOK_BACK, clock.today()
    weeks = weeks_of_each(since, school_id, from_on, today)
    if not weeks:
        return {}
    calendar = calendars_at([school_id]).get(school_id, SchoolCalendar(""))
    calendar = as_marked(calendar, school_id, range(from_on.year, today.year + 1))
    terms, stays = terms_between(calendar, from_on, today), stays_at(school_id, weeks, from_on)
    found = {
        student_id: [day for term in terms for day in half_days_in(theirs, stays.get(student_id, []), calendar, term)]
        for student_id, theirs in weeks.items()
    }
    compared = {student_id: compared_by_marks(days, since[student_id]) for student_id, days in found.items()}
    return {student_id: both for student_id, both in compared.items() if both}


def students_after(school_id: int, after_id: int, most: int) -> Sequence[int]:
    """The next of all that are or were on the roll of a school, and of those of whom something is counted there still."""
    tables = (Enrolment, TermTally)
    here = (select(of.student_id).where(of.school_id == school_id, of.student_id > after_id) for of in tables)
    found = union(*here).subquery()
    return db.session.scalars(select(found.c.student_id).order_by(found.c.student_id).limit(most)).all()


def marked_at(students: Collection[int]) -> Mapping[int, date]:
    """The schools that sent marks of any of these, or of a record that went into theirs, with the first Monday of which they
    did."""
    found = select(MarkWeek.school_id, func.min(MarkWeek.monday)).where(_marked_of(Student.id.in_(students)))
    return {row.school_id: row[1] for row in db.session.execute(found.group_by(MarkWeek.school_id))}


def first_mark_of(enrolment: Enrolment) -> Any:
    """The first Monday of which its school sent marks of its student, as a column, also to return: there columns are named
    without their tables."""
    went = select(StudentMerge.from_id).where(StudentMerge.into_id == enrolment.student_id, _CONFIRMED)
    theirs = MarkWeek.student_id.in_(union(select(literal(enrolment.student_id)), went))
    return select(func.min(MarkWeek.monday)).where(theirs, MarkWeek.school_id == enrolment.school_id).scalar_subquery()


def _marked_of(which: Any) -> ColumnElement[bool]:
    """A clause on MarkWeek: of a Student, or of a record that went into theirs."""
    went = select(StudentMerge.from_id).join(Student, and_(Student.id == StudentMerge.into_id, _CONFIRMED))
    found: ColumnElement[bool] = MarkWeek.student_id.in_(union(select(Student.id).where(which), went.where(which)))
    return found


def as_marked(calendar: SchoolCalendar, school_id: int, years: Iterable[int]) -> SchoolCalendar:
    """The calendar of a school, with the first day of each of these years of which it sent a mark, where nobody has said when
    the first term began (CAL-3); at most one statement."""
    assumed = {year: row.from_on for year in years for row in calendar.terms(year) if row.is_assumed and row.from_on}
    spans = [MarkWeek.monday.between(monday_of(earliest_start(year)), day) for year, day in assumed.items()]
    if not spans:
        return calendar
    rows = db.session.execute(_of_school(school_id, MarkWeek.monday, MarkWeek.marks).where(or_(*spans)).distinct())
    return replace(calendar, begun=begun([MarkedWeek(row.monday, row.marks) for row in rows], assumed))


def marked_since(school_id: int) -> date | None:
    """The first Monday of which this school sent marks."""
    found: date | None = db.session.scalar(_of_school(school_id, func.min(MarkWeek.monday)))
    return found


def marks_until(school_id: int, from_on: date) -> date | None:
    """The last day of which this school sent marks, none of them before the week of a day."""
    newest = _of_school(school_id, func.max(MarkWeek.monday)).where(MarkWeek.monday >= monday_of(from_on))
    if (monday := db.session.scalar(newest)) is None:
        return None
    rows = db.session.scalars(_of_school(school_id, MarkWeek.marks).where(MarkWeek.monday == monday))
    return last_marked(MarkedWeek(monday, marks) for marks in rows)


def _of_school(school_id: int, *what: Any) -> AnySelect:
    """By its roll, and the records that went into one on it: marks are found by their student."""
    roll = select(Enrolment.student_id).where(Enrolment.school_id == school_id)
    return select(*what).where(MarkWeek.school_id == school_id, _marked_of(Student.id.in_(roll)))


def region_of(school_id: int) -> str:
    """Whose holidays hold at a school; none where it lies in no catchment."""
    of = select(Catchment.region).join(School, School.catchment_id == Catchment.id)
    return db.session.scalar(of.where(School.organisation_id == school_id)) or ""


def due() -> AnyRow | None:
    """The school that is to be counted next."""
    return db.session.execute(
        select(TallyDue.school_id).order_by(TallyDue.asked_at, TallyDue.school_id).limit(1)
    ).first()
