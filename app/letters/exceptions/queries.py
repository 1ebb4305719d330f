"""What of a ladder a lead may rule on, and an exception that still holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.cases.models import Status, StatusChange
from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core import clock
from app.core.db import db
from app.letters.dossiers import Dossier
from app.letters.ladders import Step, unwritten
from app.letters.readiness import stands_at
from app.letters.rulings import LetterException
from app.people.queries import Actor


@dataclass(frozen=True)
class ExceptionOfCase(OfCase):
    exception: LetterException


def exception_for(actor: Actor, number: str, public_id: str) -> ExceptionOfCase | None:
    """One exception of a case this person may see."""
    head = case_for(actor, number)
    if head is None:
        return None
    mine = (LetterException.case_id == head.case_id, LetterException.public_id == public_id)
    found = db.session.scalar(select(LetterException).where(*mine))
    return ExceptionOfCase(head, found) if found else None


def to_except(dossier: Dossier) -> Sequence[Step]:
    """The letters that are not written and may not be written now (LET-2)."""
    today = clock.today()
    stands = stands_at(dossier, today)
    others = unwritten(dossier.steps, dossier.in_force)
    return [step for step in others if not (stands.is_open and step == stands.step)]


def may_restart(dossier: Dossier) -> bool:
    """A ladder goes on where it was, unless the case has been reopened since its last letter was made (LET-2)."""
    made_at = max((letter.made_at for letter in dossier.in_force), default=None)
    if made_at is None:
        return False
    reopened = (StatusChange.was == Status.CLOSED, StatusChange.became != Status.CLOSED, StatusChange.at >= made_at)
    since = select(StatusChange.id).where(StatusChange.case_id == dossier.case.id, *reopened)
    return db.session.scalar(since.limit(1)) is not None
