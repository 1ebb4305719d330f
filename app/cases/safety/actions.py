"""A safety note is added, looked at again, and ended when it is true no more (SHARE-8)."""

from datetime import date
from typing import Protocol

from app.cases.models import SafetyKind, SafetyNote
from app.cases.queries import CaseHead
from app.cases.safety import tells  # noqa: F401  (registers whom these events tell)
from app.cases.safety.queries import note_to_change
from app.cases.safety.rules import ADDED, fault_of_fact, fault_of_review
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, refuse_faulty
from app.core.figures import the_figures
from app.core.text import nfc
from app.people.queries import Actor

NOT_THERE = "This note is not there any more, or not for you to change. Look at what stands there now."


class OfCase(Protocol):
    """A case, or what was loaded of it."""

    @property
    def id(self) -> int: ...


def add_safety_note(case: OfCase, kind: SafetyKind, fact: str, *, by: events.By) -> SafetyNote:
    """As a request says it: believed for some months, then to be looked at again."""
    return _add(case, kind, fact, clock.add_months(clock.today(), the_figures().safety_months), by)


def note_safety(case: CaseHead, kind: str, fact: str, review_by: date, *, by: Actor) -> SafetyNote:
    """Believed until that day, then to be looked at again."""
    refuse_faulty(*fault_of_fact(kind, fact).values(), fault_of_review(review_by, clock.today()))
    note = _add(case, SafetyKind(kind), fact, review_by, by)
    events.record(ADDED, by=by, on=note, about=case)
    return note


def review_note(case: CaseHead, mark: str, review_by: date, *, by: Actor) -> None:
    """It is still true, and believed until another day."""
    refuse_faulty(fault_of_review(review_by, clock.today()))
    note = _still_true(case, mark, by)
    note.review_by, note.reviewed_at, note.reviewed_by_id = review_by, clock.now(), by.person_id
    db.session.flush()
    events.record("safety_note.reviewed", by=by, on=note, about=case)


def end_note(case: CaseHead, mark: str, *, by: Actor) -> None:
    """It is true no more; what was said stays with the case."""
    note = _still_true(case, mark, by)
    note.ended_at, note.ended_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record("safety_note.ended", by=by, on=note, about=case)


def _add(case: OfCase, kind: SafetyKind, fact: str, review_by: date, by: events.By) -> SafetyNote:
    note = SafetyNote(
        case_id=case.id,
        kind=kind,
        fact=nfc(fact),
        organisation_id=by.organisation_id,
        added_by_id=by.person_id,
        added_at=clock.now(),
        review_by=review_by,
    )
    db.session.add(note)
    db.session.flush()
    return note


def _still_true(case: CaseHead, mark: str, by: Actor) -> SafetyNote:
    note = note_to_change(by, case.case_id, mark)
    if note is None:
        raise Conflict(NOT_THERE)
    if note.ended_at:
        raise Conflict("Somebody said already that this is true no more. Add it again if that was a mistake.")
    return note
