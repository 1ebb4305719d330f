"""The terms of which a school sent marks: of how many students, as of when, and whether it said that they are right (ATT-4)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.attendance.calendars.queries import calendar_of
from app.attendance.tallies.models import ConfirmedTerm, TermTally
from app.attendance.tallies.queries import region_of
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import term_words
from app.core import clock
from app.core.db import AnyRow, db
from app.people.models import Person
from app.people.queries import Actor

MOST = 40
"""Terms: ten years."""


@dataclass(frozen=True)
class TermOfSchool:
    """One of them."""

    school_id: int
    row: AnyRow
    ends_on: date | None
    """Its last day, where anybody has said it."""
    case_id: None = None

    @property
    def ended_on(self) -> date | None:
        """Its last day, where it is over."""
        return self.ends_on if self.ends_on and self.ends_on < clock.today() else None

    @property
    def term(self) -> int:
        return int(self.row.term)

    @property
    def words(self) -> str:
        return term_words(self.term).capitalize()

    @property
    def as_of(self) -> date:
        """The last day of which the school sent marks."""
        as_of: date = self.row.to_on
        return as_of

    @property
    def confirmed_at(self) -> datetime | None:
        at: datetime | None = self.row.confirmed_at
        return at


def terms_for(actor: Actor, term: int | None = None) -> list[TermOfSchool]:
    """Of the actor's school, the newest first; of one where that is asked."""
    rows, school_id = db.session.execute(_terms(actor.organisation_id, term)).all(), actor.organisation_id
    calendar = calendar_of(school_id, region_of(school_id)) if rows else None
    return [TermOfSchool(school_id, row, _end(calendar, row.term)) for row in rows if calendar]


def term_for(actor: Actor, term: int) -> TermOfSchool | None:
    """One of the actor's school, of which it sent marks."""
    return next(iter(terms_for(actor, term)), None)


def _terms(school_id: int, term: int | None) -> Any:
    of_term = (TermTally.school_id == school_id, *([TermTally.term == term] if term else ()))
    sums = (
        func.count().label("students"),
        func.sum(TermTally.unmarked).label("unmarked"),
        func.min(TermTally.from_on).label("from_on"),
        func.max(TermTally.to_on).label("to_on"),
    )
    summed = select(TermTally.term, *sums).where(*of_term).group_by(TermTally.term).subquery()
    confirmed = (ConfirmedTerm.school_id == school_id) & (ConfirmedTerm.term == summed.c.term)
    who = (ConfirmedTerm.at.label("confirmed_at"), Person.name.label("confirmed_by"))
    joined = select(summed, *who).outerjoin(ConfirmedTerm, confirmed)
    joined = joined.outerjoin(Person, Person.id == ConfirmedTerm.by_id)
    return joined.order_by(summed.c.term.desc()).limit(MOST)


def _end(calendar: SchoolCalendar, term: int) -> date | None:
    row = calendar.term_of(term)
    return row.to_on if row else None
