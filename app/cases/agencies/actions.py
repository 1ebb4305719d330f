"""An agency is named, what is recorded of it changes, and it ends (CASE-17)."""

from app.cases.agencies.models import Agency
from app.cases.agencies.queries import agency_to_change
from app.cases.agencies.rules import AgencyFacts, facts_of, fault_of, fault_of_kind
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.core.versions import changed_since

ENDED = "This agency is not involved any more. Name it again if that was a mistake."


def name_agency(case: CaseHead, code: str, told: AgencyFacts, *, by: events.By, given_by: int | None = None) -> Agency:
    """An agency of the list, or another by its name. `given_by`: the school (its id) whose request named it, where one did."""
    refuse_faulty(fault_of_kind(code, clock.today()), *fault_of(code, told, clock.today()).values())
    agency = Agency(
        public_id=public_id(),
        student_id=case.student_id,
        given_by_id=given_by or by.organisation_id,
        code=code,
        added_at=clock.now(),
        added_by_id=by.person_id,
        **_composed(told),
    )
    db.session.add(agency)
    db.session.flush()
    events.record("agency.named", by=by, on=agency, about=case)
    return agency


def change_agency(case: CaseHead, agency_id: int, told: AgencyFacts, *, version: str, by: events.By) -> bool:
    """Raises `Conflict` where what stands there is not the `version` that the page showed. False where it says so already."""
    agency = agency_to_change(agency_id)
    was = facts_of(agency)
    if agency.ended_at:
        raise Conflict(ENDED, "It has ended")
    if changed_since(version, was.texts):
        raise Conflict("Somebody else changed what is recorded of this agency meanwhile.")
    refuse_faulty(*fault_of(agency.code, told, clock.today()).values())
    becomes = _composed(told)
    if becomes == was.values:
        return False
    for field, value in becomes.items():
        setattr(agency, field, value)
    agency.changed_at = clock.now()
    events.record("agency.changed", by=by, on=agency, about=case)
    return True


def end_agency(case: CaseHead, agency_id: int, *, by: events.By) -> bool:
    """Not involved any more; what was recorded stays. Ended twice it ended once (False)."""
    agency = agency_to_change(agency_id)
    if agency.ended_at:
        return False
    agency.ended_at, agency.ended_by_id = clock.now(), by.person_id
    events.record("agency.ended", by=by, on=agency, about=case)
    return True


def _composed(told: AgencyFacts) -> dict[str, object]:
    return {field: nfc(value) if isinstance(value, str) else value for field, value in told.values.items()}
