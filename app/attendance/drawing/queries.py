"""What the pictures of a student rest on, school by school. Who may see it is asked of the roll and the case before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, or_, select

from app.attendance.calendars.queries import calendars_at
from app.attendance.drawing.rules import Known
from app.attendance.tallies.models import ConfirmedTerm, MarkWeek, TermTally
from app.attendance.tallies.queries import weeks_with_former
from app.attendance.tallies.rules import Stay, TermDays, joined, monday_of
from app.attendance.tallying import MarkedWeek, Tally, tally
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import term_words
from app.core.db import db
from app.people.models import Organisation, Person
from app.students.models import Enrolment, Student


@dataclass(frozen=True)
class TermSums:
    """What a student's marks at one school add up to in one term, and whether the school says that they are right (ATT-4)."""

    school_id: int
    school_number: str
    school_name: str
    term: int
    from_on: date
    to_on: date
    """The last day that is counted: data as of."""
    sums: Tally
    confirmed_at: datetime | None
    confirmed_by: str | None

    @property
    def words(self) -> str:
        return term_words(self.term)


@dataclass(frozen=True)
class Drawn:
    """Some terms of a student at a school, newest first, each from its first to its last day; and what is known of them."""

    terms: Sequence[TermDays]
    known: Known


def sums_of_terms(student_id: int, school_id: int | None = None, *, until: date | None = None) -> list[TermSums]:
    """Newest first; of one school where that is asked, and of terms that had begun by a day. One statement."""
    which = [TermTally.school_id == school_id] if school_id else []
    which += [TermTally.from_on <= until] if until else []
    names = [field.name for field in fields(Tally)]
    school = (Organisation.id.label("school_id"), Organisation.number, Organisation.name.label("school_name"))
    days = (TermTally.term, TermTally.from_on, TermTally.to_on)
    statement = (
        select(*school, *days, *(getattr(TermTally, name) for name in names))
        .add_columns(ConfirmedTerm.at, Person.name.label("confirmed_by"))
        .join(Organisation, Organisation.id == TermTally.school_id)
        .outerjoin(
            ConfirmedTerm, (ConfirmedTerm.school_id == TermTally.school_id) & (ConfirmedTerm.term == TermTally.term)
        )
        .outerjoin(Person, Person.id == ConfirmedTerm.by_id)
        .where(TermTally.student_id == student_id, *which)
        .order_by(TermTally.term.desc(), TermTally.to_on.desc(), Organisation.id)
    )
    return [
        TermSums(*row[:6], Tally(*[getattr(row, name) for name in names]), row.at, row.confirmed_by)  # type: ignore[call-arg]
        for row in db.session.execute(statement)
    ]


def newest_sums(student_id: Any, school_id: Any, until: Any = None) -> Any:
    """What the newest marks of a student at a school add up to, as one column, so that a case page asks no more statements; for
    `in_one_line`. `until`: a column; where it is a day, of terms that had begun by then, and of one that went on no more than which
    it is: the page of days absent counts it to that day."""
    names = (TermTally.term, TermTally.absent, TermTally.present, TermTally.justified, TermTally.unjustified)
    first, *others = [cast(name, String) for name in names]
    kept: ColumnElement[str] = first
    for other in others:
        kept = kept + " " + other
    shown = kept if until is None else case((TermTally.to_on > until, first), else_=kept)
    mine = select(shown).where(TermTally.student_id == student_id, TermTally.school_id == school_id)
    if until is not None:
        mine = mine.where(or_(until.is_(None), TermTally.from_on <= until))
    return mine.order_by(TermTally.term.desc()).limit(1).correlate_except(TermTally).scalar_subquery()


def in_one_line(kept: str | None) -> str:
    """12½ days absent in term 4 of 2026, 81.2 % present."""
    if not kept:
        return ""
    term, *counts = map(int, kept.split())
    if not counts:
        return f"those of {term_words(term)} to the day it was closed stand on that page"
    absent, present, justified, unjustified = counts
    sums = Tally(present=present, justified=justified, unjustified=unjustified, absent=absent)
    rate = f", {sums.rate} present" if sums.rate else ""
    return f"{sums.days_absent} days absent in {term_words(term)}{rate} (not the Ministry’s figure)"


def drawn_of(student_id: int, sums: Sequence[TermSums], until: date | None = None) -> Mapping[int, Drawn]:
    """By school, of sums of any, newest first; with nothing of days after one. Three statements."""
    schools: dict[int, list[TermSums]] = {}
    for each in sums:
        schools.setdefault(each.school_id, []).append(each)
    calendars = calendars_at(schools)
    stays, weeks = _stays(student_id, schools), _weeks(student_id, schools, min(each.from_on for each in sums), until)
    return {
        school_id: _drawn(of, stays[school_id], weeks[school_id], calendars.get(school_id, SchoolCalendar("")), until)
        for school_id, of in schools.items()
    }


def as_of(sums: TermSums, drawn: Drawn) -> TermSums:
    """Of a term that went on after the last day of which anything may be known: counted to that day."""
    if sums.to_on <= drawn.known.until:
        return sums
    term = next(term for term in drawn.terms if term.code == sums.term)
    return replace(sums, to_on=drawn.known.until, sums=tally(drawn.known.marked(term)))


def _drawn(
    sums: Sequence[TermSums],
    stays: Sequence[Stay],
    weeks: Sequence[MarkedWeek],
    calendar: SchoolCalendar,
    until: date | None,
) -> Drawn:
    last = sums[0].to_on
    terms = [_whole(calendar, each, until) for each in sums]
    return Drawn(terms, Known(weeks, list(joined(stays)), calendar, min(last, until or last)))


def _stays(student_id: int, schools: Collection[int]) -> Mapping[int, list[Stay]]:
    found: dict[int, list[Stay]] = {school_id: [] for school_id in schools}
    theirs = (Enrolment.student_id == student_id, Enrolment.school_id.in_(schools))
    for row in db.session.execute(select(Enrolment.school_id, Enrolment.from_on, Enrolment.to_on).where(*theirs)):
        found[row.school_id].append(Stay(row.from_on, row.to_on))
    return found


def _weeks(
    student_id: int, schools: Collection[int], from_on: date, until: date | None
) -> Mapping[int, list[MarkedWeek]]:
    found: dict[int, list[MarkedWeek]] = {school_id: [] for school_id in schools}
    when = (MarkWeek.monday >= monday_of(from_on), *([MarkWeek.monday <= until] if until else []))
    theirs = (Student.id == student_id, MarkWeek.school_id.in_(schools), *when)
    for row in db.session.execute(weeks_with_former(*theirs, beside=[MarkWeek.school_id])):
        found[row.school_id].append(MarkedWeek(row.monday, row.marks))
    return found


def _whole(calendar: SchoolCalendar, sums: TermSums, until: date | None) -> TermDays:
    """A term as its school has it, not after a day; a mark before its assumed first day says that it had begun (CAL-3)."""
    row = calendar.term_of(sums.term)
    from_on, to_on = (row.from_on, row.to_on) if row else (None, None)
    last = max(to_on or date.min, sums.to_on)
    return TermDays(sums.term, min(from_on or sums.from_on, sums.from_on), min(last, until or last))
