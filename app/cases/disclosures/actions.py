"""What an agency was told is written down; and another basis for what is shared (PRIV-2)."""

from app.cases.agencies.models import Agency
from app.cases.agencies.rules import label_of
from app.cases.disclosures.models import Disclosure, EntryBasis
from app.cases.disclosures.queries import bases_said, disclosure_to_end
from app.cases.disclosures.rules import (
    LONGEST_WHOM,
    ToldFacts,
    basis_for_agency,
    basis_for_entry,
    fault_of,
    fault_of_basis,
)
from app.cases.entries import Entry
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db
from app.core.errors import refuse_faulty
from app.core.security import public_id
from app.core.text import nfc


def record_disclosure(case: CaseHead, agency: Agency, told: ToldFacts, *, by: events.By) -> Disclosure:
    """To whom is kept as they are called now: the agency may be called otherwise later."""
    usual = basis_for_agency(agency.code)
    refuse_faulty(*fault_of(told, clock.today(), usual=usual, may_be_told=agency.may_be_told).values())
    disclosure = Disclosure(
        public_id=public_id(),
        case_id=case.case_id,
        agency_id=agency.id,
        whom=whom(agency),
        what=nfc(told.told),
        told_on=told.told_on,
        basis=told.basis,
        basis_why=nfc(told.why),
        recorded_at=clock.now(),
        recorded_by_id=by.person_id,
    )
    db.session.add(disclosure)
    db.session.flush()
    events.record("disclosure.recorded", by=by, on=disclosure, about=case)
    return disclosure


def end_disclosure(case: CaseHead, disclosure_id: int, *, by: events.By) -> bool:
    """It was entered by mistake; what was written stays. Ended twice it ended once (False)."""
    disclosure = disclosure_to_end(disclosure_id)
    if disclosure.ended_at:
        return False
    disclosure.ended_at, disclosure.ended_by_id = clock.now(), by.person_id
    events.record("disclosure.ended", by=by, on=disclosure, about=case)
    return True


def say_basis(case: CaseHead, entry: Entry, code: str, why: str, *, by: events.By) -> bool:
    """Another one than held until now; False where it is that one already."""
    refuse_faulty(*fault_of_basis(code, why, clock.today()).values())
    said = bases_said(entry)
    if code == (said[-1].basis if said else basis_for_entry(entry.kind)):
        return False
    db.session.add(EntryBasis(entry_id=entry.id, basis=code, why=nfc(why), at=clock.now(), by_id=by.person_id))
    db.session.flush()
    events.record("entry.basis_changed", by=by, on=entry, about=case)
    return True


def whom(agency: Agency) -> str:
    """Agency and person in a line."""
    named = ", ".join(filter(None, (label_of(agency.code), agency.name, agency.person)))
    return named[:LONGEST_WHOM]
