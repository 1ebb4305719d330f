"""What the pictures of a student at one school rest on. Who may see it is asked of the roll and the case before."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, select

from app.attendance.calendars.queries import calendars_at
from app.attendance.drawing.rules import Known
from app.attendance.tallies.models import ConfirmedTerm, TermTally
from app.attendance.tallies.queries import stays_at, weeks_of
from app.attendance.tallies.rules import TermDays
from app.attendance.tallying import Tally
from app.calendars.school_calendar import SchoolCalendar
from app.core.db import db
from app.people.models import Organisation, Person


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
        return f"term {self.term % 10} of {self.term // 10}"


@dataclass(frozen=True)
class Drawn:
    """Some terms of a student at a school, newest first, each from its first to its last day; and what is known of them."""

    terms: Sequence[TermDays]
    known: Known


def sums_of_terms(student_id: int, school_id: int | None = None) -> list[TermSums]:
    """Newest first; of one school where that is asked. One statement."""
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
        .where(TermTally.student_id == student_id)
        .order_by(TermTally.term.desc(), TermTally.to_on.desc(), Organisation.id)
    )
    rows = db.session.execute(statement.where(TermTally.school_id == school_id) if school_id else statement)
    return [
        TermSums(*row[:6], Tally(*[getattr(row, name) for name in names]), row.at, row.confirmed_by)  # type: ignore[call-arg]
        for row in rows
    ]


def newest_sums(student_id: Any, school_id: Any) -> Any:
    """What the newest marks of a student at a school add up to, as one column, so that a case page asks no more statements; for
    `in_one_line`."""
    names = (TermTally.term, TermTally.absent, TermTally.present, TermTally.justified, TermTally.unjustified)
    first, *others = [cast(name, String) for name in names]
    kept: ColumnElement[str] = first
    for other in others:
        kept = kept + " " + other
    mine = select(kept).where(TermTally.student_id == student_id, TermTally.school_id == school_id)
    return mine.order_by(TermTally.term.desc()).limit(1).correlate_except(TermTally).scalar_subquery()


def in_one_line(kept: str | None) -> str:
    """12½ days absent in term 4 of 2026, 81.2 % present."""
    if not kept:
        return ""
    term, absent, present, justified, unjustified = map(int, kept.split())
    sums = Tally(present=present, justified=justified, unjustified=unjustified, absent=absent)
    rate = f", {sums.rate} present" if sums.rate else ""
    return f"{sums.days_absent} days absent in term {term % 10} of {term // 10}{rate}"


def drawn_of(student_id: int, terms_of_school: Sequence[TermSums]) -> Drawn:
    """Of sums of one school, newest first, at least of one term. Three statements."""
    school_id, until = terms_of_school[0].school_id, terms_of_school[0].to_on
    from_on = min(each.from_on for each in terms_of_school)
    calendar = calendars_at([school_id]).get(school_id, SchoolCalendar(""))
    terms = [_whole(calendar, each) for each in terms_of_school]
    ends = max(until, *(term.to_on for term in terms))
    stays = stays_at(school_id, [student_id], from_on).get(student_id, [])
    return Drawn(terms, Known(weeks_of(student_id, school_id, from_on, ends), stays, calendar, until))


def _whole(calendar: SchoolCalendar, sums: TermSums) -> TermDays:
    """A term as its school has it; a mark before its assumed first day says that it had begun (CAL-3)."""
    year, number = divmod(sums.term, 10)
    row = next((row for row in calendar.terms(year) if row.number == number), None)
    from_on, to_on = (row.from_on, row.to_on) if row else (None, None)
    return TermDays(sums.term, min(from_on or sums.from_on, sums.from_on), max(to_on or date.min, sums.to_on))
