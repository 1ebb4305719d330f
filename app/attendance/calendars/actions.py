"""A school says when its terms are and when it is closed. What counts by it counts anew at once (CAL-3)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.attendance.calendars.models import CalendarEntry, CalendarEntryKind
from app.attendance.calendars.queries import CalendarOfSchool, ClosureOfSchool, terms_to_change
from app.attendance.calendars.rules import (
    ClosureFacts,
    Days,
    fault_of_closure,
    fault_of_terms,
    version_of,
)
from app.calendars.school_terms import year_and_number
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc

TERMS, CLOSED, REOPENED = "calendar.term_said", "calendar.closed", "calendar.open_again"
OTHER = "Somebody else changed these terms meanwhile. Load the page again and look at what they wrote."
AS_BEFORE = "These are the days that were there already."


def say_terms(year: int, days: Mapping[int, Days | None], *, version: str, by: events.By) -> None:
    """Term → its first and last day; None goes back to the national list. Raises `Conflict` where `version`, which the page
    showed, is not how it stands; `Refused` for days that cannot be, or where nothing is another."""
    held = {number: entry for (of, number), entry in _held(by.organisation_id).items() if of == year}
    said = {number: (entry.from_on, entry.to_on) for number, entry in held.items()}
    if version != version_of(said):
        raise Conflict(OTHER)
    refuse_faulty(*fault_of_terms(year, days).values())
    changed = [number for number, both in days.items() if said.get(number) != both]
    if not changed:
        raise Refused(AS_BEFORE)
    for number in changed:
        _say(year * 10 + number, held.get(number), days[number], by)


def close_days(found: CalendarOfSchool, told: ClosureFacts, *, by: events.By) -> CalendarEntry:
    """The school is closed on these days. Raises `Refused` where it is closed on all of them already."""
    refuse_faulty(*fault_of_closure(told, found.calendar).values())
    entry = _add(told.kind, (told.from_on, told.to_on), by=by, half=told.half, why=nfc(told.why))
    events.record(CLOSED, by=by, on=entry)
    return entry


def open_again(found: ClosureOfSchool, *, by: events.By) -> None:
    """It is not closed then; said twice it was said once."""
    entry = db.session.scalars(select(CalendarEntry).where(CalendarEntry.id == found.entry.id).with_for_update()).one()
    if entry.ended_at is None:
        _end(entry, by)
        events.record(REOPENED, by=by, on=entry)


def _say(code: int, before: CalendarEntry | None, both: Days | None, by: events.By) -> None:
    if before:
        _end(before, by)
        db.session.flush()
    entry = _add(CalendarEntryKind.TERM, both, by=by, term=code) if both else before
    events.record(TERMS, by=by, on=entry)


def _held(school_id: int) -> dict[tuple[int, int], CalendarEntry]:
    """Year and number of a term: what the school said of it."""
    return {year_and_number(code): entry for code, entry in terms_to_change(school_id).items()}


def _end(entry: CalendarEntry, by: events.By) -> None:
    entry.ended_at, entry.ended_by_id = clock.now(), by.person_id


def _add(kind: CalendarEntryKind, days: Days, *, by: events.By, **more: Any) -> CalendarEntry:
    from_on, to_on = days
    who = {"school_id": by.organisation_id, "at": clock.now(), "by_id": by.person_id}
    entry = CalendarEntry(public_id=public_id(), kind=kind, from_on=from_on, to_on=to_on, **who, **more)
    db.session.add(entry)
    db.session.flush()
    return entry
