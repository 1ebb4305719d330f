"""Schools' calendars, and the one that somebody looks at with who said what of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import and_, select

from app.attendance.calendars.models import CalendarEntry, CalendarEntryKind
from app.attendance.calendars.rules import calendar_from
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_terms import Said, TermOfYear, listed_years, term_at, year_and_number
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Catchment, Organisation, Person, School
from app.people.queries import Actor

IN_FORCE = CalendarEntry.ended_at.is_(None)


@dataclass(frozen=True)
class CalendarOfSchool:
    """A school, and everything it said of its calendar that still holds."""

    row: AnyRow
    entries: Sequence[AnyRow]
    case_id: None = None

    @property
    def calendar(self) -> SchoolCalendar:
        return calendar_from(self.row.region, self.entries)

    @property
    def said(self) -> Mapping[int, AnyRow]:
        """What the school said of its terms, by their codes."""
        return {entry.term: entry for entry in self.entries if entry.term}

    @property
    def closures(self) -> list[AnyRow]:
        """In the order of their days."""
        return [entry for entry in self.entries if entry.kind is not CalendarEntryKind.TERM]


@dataclass(frozen=True)
class YearOfSchool:
    """One year of a school's calendar."""

    of: CalendarOfSchool
    year: int
    case_id: None = None


@dataclass(frozen=True)
class ClosureOfSchool:
    """Days that a school said it is closed on."""

    entry: CalendarEntry
    case_id: None = None


def calendar_of(school_id: int, region: str) -> SchoolCalendar:
    """Of one school; of none that is known, what holds in the region."""
    return calendars_of({school_id: region})[school_id]


def calendars_of(regions: Mapping[int, str]) -> Mapping[int, SchoolCalendar]:
    """Of several schools, each by its id, whose regions are known, in one statement."""
    found: dict[int, list[AnyRow]] = {school_id: [] for school_id in regions}
    for entry in db.session.execute(_entries_of(found)):
        found[entry.school_id].append(entry)
    return {school_id: calendar_from(region, found[school_id]) for school_id, region in regions.items()}


def calendars_at(school_ids: Collection[int]) -> Mapping[int, SchoolCalendar]:
    """Of schools whose regions are to be asked for too; one statement, none where there are no schools."""
    entries = and_(CalendarEntry.school_id == School.organisation_id, IN_FORCE)
    statement = (
        select(School.organisation_id, Catchment.region, CalendarEntry)
        .join(Catchment, Catchment.id == School.catchment_id)
        .outerjoin(CalendarEntry, entries)
        .where(School.organisation_id.in_(school_ids))
        .order_by(School.organisation_id, CalendarEntry.from_on, CalendarEntry.id)
    )
    rows = db.session.execute(statement).all() if school_ids else ()
    by_school = groupby(rows, key=lambda row: (row.organisation_id, row.region))
    return {
        school_id: calendar_from(region, [row.CalendarEntry for row in some if row.CalendarEntry])
        for (school_id, region), some in by_school
    }


def said_of(school_id: int) -> Said:
    """Of its terms."""
    terms = (CalendarEntry.school_id == school_id, CalendarEntry.kind == CalendarEntryKind.TERM, IN_FORCE)
    rows = db.session.execute(select(CalendarEntry.term, CalendarEntry.from_on, CalendarEntry.to_on).where(*terms))
    return {year_and_number(row.term): (row.from_on, row.to_on) for row in rows if row.term}


def present_term(school_id: int) -> TermOfYear | None:
    """The term of this school that today lies in, or the last one before it."""
    return term_at(clock.today(), said_of(school_id))


def own_calendar(actor: Actor) -> CalendarOfSchool | None:
    """That of the actor's school."""
    return calendar_of_school(actor.organisation_id)


def year_for(actor: Actor, year: int) -> YearOfSchool | None:
    """A year of the actor's school for which there is a list of terms."""
    found = own_calendar(actor) if year in listed_years() else None
    return YearOfSchool(found, year) if found else None


def calendar_of_school(school_id: int) -> CalendarOfSchool | None:
    """With who said each part of it, for whoever may look schools up."""
    statement = (
        select(Organisation.id, Organisation.number, Organisation.name, Catchment.region)
        .join(School, School.organisation_id == Organisation.id)
        .join(Catchment, Catchment.id == School.catchment_id)
        .where(Organisation.id == school_id)
    )
    row = db.session.execute(statement).first()
    return CalendarOfSchool(row, db.session.execute(_entries_of([school_id])).all()) if row else None


def closure_for(actor: Actor, public_id: str) -> ClosureOfSchool | None:
    """One closure of the actor's school, also one that was taken back."""
    mine = (CalendarEntry.school_id == actor.organisation_id, CalendarEntry.public_id == public_id)
    entry = db.session.scalar(select(CalendarEntry).where(*mine, CalendarEntry.kind != CalendarEntryKind.TERM))
    return ClosureOfSchool(entry) if entry else None


def terms_to_change(school_id: int) -> Mapping[int, CalendarEntry]:
    """What the school said of its terms, by code; nobody else changes it until the end of the transaction."""
    school = select(Organisation.id).where(Organisation.id == school_id)
    db.session.execute(school.with_for_update(key_share=True))
    own = select(CalendarEntry).where(
        CalendarEntry.school_id == school_id, CalendarEntry.kind == CalendarEntryKind.TERM, IN_FORCE
    )
    rows = db.session.scalars(own.execution_options(populate_existing=True))
    return {entry.term: entry for entry in rows if entry.term}


def _entries_of(school_ids: Iterable[int]) -> AnySelect:
    names = ("school_id", "public_id", "kind", "term", "half", "from_on", "to_on", "why", "at")
    return (
        select(*(getattr(CalendarEntry, name) for name in names), Person.name.label("by_name"))
        .join(Person, Person.id == CalendarEntry.by_id)
        .where(CalendarEntry.school_id.in_(list(school_ids)), IN_FORCE)
        .order_by(CalendarEntry.from_on, CalendarEntry.id)
    )
