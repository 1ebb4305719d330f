"""An initiative is written down, and what is said of it changes (MEAS-6)."""

from typing import Any

from sqlalchemy import delete, insert

from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.core.versions import changed_since
from app.initiatives.models import Initiative, InitiativeSchool
from app.initiatives.queries import initiative_to_change, schools_in
from app.initiatives.rules import InitiativeFacts, facts_of, fault_of
from app.people.catchments.queries import schools_served

NOT_OURS = "One of these schools is not one that your service serves. Choose from the list."


def add_initiative(told: InitiativeFacts, *, by: events.By) -> Initiative:
    """Of the service of whoever writes it down; with schools that it serves."""
    refuse_faulty(*fault_of(told, clock.today()).values())
    chosen = _ids_of(told, {}, by=by)
    initiative = Initiative(
        public_id=public_id(),
        organisation_id=by.organisation_id,
        made_at=clock.now(),
        made_by_id=by.person_id,
        **_composed(told),
    )
    db.session.add(initiative)
    db.session.flush()
    _take_part(initiative.id, chosen)
    events.record("initiative.added", by=by, on=initiative)
    return initiative


def change_initiative(initiative_id: int, told: InitiativeFacts, *, version: str, by: events.By) -> bool:
    """Raises `Conflict` where what stands there is not the `version` that the page showed. False where it says so already.
    A school that takes part may stay, though the service serves it no more."""
    initiative, schools = initiative_to_change(initiative_id), schools_in(initiative_id)
    was = facts_of(initiative, schools)
    if changed_since(version, was.texts):
        raise Conflict("Somebody else changed what is said of this initiative meanwhile.")
    refuse_faulty(*fault_of(told, clock.today(), was_kind=initiative.kind).values())
    if told.texts == was.texts:
        return False
    there = {each.number: each.id for each in schools}
    chosen = _ids_of(told, there, by=by)
    for field, value in _composed(told).items():
        setattr(initiative, field, value)
    initiative.changed_at, initiative.changed_by_id = clock.now(), by.person_id
    if chosen != set(there.values()):
        db.session.execute(delete(InitiativeSchool).where(InitiativeSchool.initiative_id == initiative_id))
        _take_part(initiative_id, chosen)
    events.record("initiative.changed", by=by, on=initiative)
    return True


def _ids_of(told: InitiativeFacts, there: dict[str, int], *, by: events.By) -> set[int]:
    numbers = {each.number for each in told.schools}
    if numbers <= there.keys():
        return {there[number] for number in numbers}
    known = {each.number: each.id for each in schools_served(by.organisation_id)} | there
    if not numbers <= known.keys():
        raise Refused(NOT_OURS)
    return {known[number] for number in numbers}


def _take_part(initiative_id: int, school_ids: set[int]) -> None:
    rows = [{"initiative_id": initiative_id, "school_id": school_id} for school_id in sorted(school_ids)]
    if rows:
        db.session.execute(insert(InitiativeSchool), rows)


def _composed(told: InitiativeFacts) -> dict[str, Any]:
    return {field: nfc(value) if isinstance(value, str) else value for field, value in told.columns.items()}
