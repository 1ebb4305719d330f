"""Exceptions from a ladder, and ladders that begin again (LET-2)."""

from typing import TypeVar

from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.core.security import public_id
from app.core.text import nfc
from app.letters.actions import tell
from app.letters.dossiers import Dossier, dossier_of
from app.letters.exceptions.queries import ExceptionOfCase, may_restart, to_except
from app.letters.rulings import LetterException, LetterRestart, Ruling
from app.people.queries import Actor

Ruled = TypeVar("Ruled", bound=Ruling)
EXCEPTED, RESTARTED = "letter.excepted", "letter.ladder_restarted"
WRITTEN = "There is such a letter already, or it may be written now without an exception."
NOT_REOPENED = "The case has not been reopened since the last letter, so the ladder goes on where it is."


def except_step(dossier: Dossier, step: int, why: str, *, by: Actor) -> LetterException:
    """That letter may be written now, whatever the order and the gap say. Raises `Refused` where it needs no exception."""
    held = _held(dossier)
    if step not in {each.number for each in to_except(held)}:
        raise Refused(WRITTEN)
    ruled = _keep(LetterException(case_id=held.case.id, step=step), held, held.round, why, by)
    said = f"Letter {step} to the {_whom(held)} may be written out of its turn: {ruled.why}"
    tell(held.case, ruled, said, EXCEPTED, by)
    return ruled


def end_exception(found: ExceptionOfCase, *, by: Actor) -> None:
    """The order and the gap hold again; ended twice it ended once."""
    if found.exception.ended_at is None:
        found.exception.ended_at, found.exception.ended_by_id = clock.now(), by.person_id
        events.record("letter.exception_ended", by=by, on=found.exception, about=found.head)


def restart(dossier: Dossier, why: str, *, by: Actor) -> LetterRestart:
    """The ladder to this caregiver begins again at letter 1. Raises `Refused` where the case has not been reopened since the last
    letter."""
    held = _held(dossier)
    if not may_restart(held):
        raise Refused(NOT_REOPENED)
    ruled = _keep(LetterRestart(case_id=held.case.id), held, held.round + 1, why, by)
    tell(held.case, ruled, f"The letters to the {_whom(held)} begin again: {ruled.why}", RESTARTED, by)
    return ruled


def _held(dossier: Dossier) -> Dossier:
    """As it stands now; whoever else rules on this case, or makes a letter of it, waits."""
    case_to_change(dossier.case.id)
    return dossier_of(dossier.case, dossier.caregiver.id)


def _keep(ruling: Ruled, dossier: Dossier, in_round: int, why: str, by: Actor) -> Ruled:
    ruling.public_id, ruling.caregiver_id = public_id(), dossier.caregiver.id
    ruling.purpose, ruling.round, ruling.why = dossier.purpose, in_round, nfc(why)
    ruling.at, ruling.by_id = clock.now(), by.person_id
    db.session.add(ruling)
    db.session.flush()
    return ruling


def _whom(dossier: Dossier) -> str:
    """As the timeline calls them: who they are by name stands on the page of the letters."""
    return dossier.caregiver.relationship or "caregiver"
