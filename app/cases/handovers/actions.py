"""What is written is kept as it is written; then all the cases change hands at once, each with its note (CASE-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.cases.assignment.actions import NO_MANAGER, give_together, tell_together
from app.cases.comments.actions import add_comment
from app.cases.entries import Audience
from app.cases.handovers.queries import Held
from app.cases.handovers.rules import note_of
from app.cases.queries import CaseHead
from app.cases.unsent.actions import forget_handover, save
from app.cases.unsent.rules import HANDOVER, HANDOVER_TO, Window
from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.people.models import Person, Role
from app.people.queries import Actor, holds_role


@dataclass(frozen=True)
class Given:
    """One case, who takes it, and what was written for them."""

    head: CaseHead
    to: int
    note: str


def save_handover(was: Held, note: str, to: str, *, key: str, by: Actor) -> bool:
    """Keep what changed of one case. `key`: of the form; what arrives after that was sent brings nothing back."""
    changed = [
        (page, text) for page, text, old in ((HANDOVER, note, was.note), (HANDOVER_TO, to, was.to)) if text != old
    ]
    return all(save(was.head, text, window=Window(page, key=key), by=by) for page, text in changed) and bool(changed)


def hand_over(person_id: int, given: Sequence[Given], *, by: Actor) -> tuple[int, list[str]]:
    """How many cases changed hands, and the numbers of those that did not: somebody else has them by now. Everyone of the service
    whom it concerns is told once; each school's contact that its case has a new manager. Raises `Refused` where somebody
    is no case manager there."""
    if not all(holds_role(to, by.organisation_id, Role.CASE_MANAGER) for to in sorted({each.to for each in given})):
        raise Refused(NO_MANAGER)
    was, at = db.session.get_one(Person, person_id).name, clock.now()
    changed, gone = [], []
    for each in sorted(given, key=lambda each: each.head.id):
        if change := give_together(each.head.id, to=each.to, instead_of=person_id, at=at, by=by):
            changed.append(change)
            _write(each, was, by)
        else:
            gone.append(each.head.number)
        forget_handover(each.head, by=by)
    tell_together(changed, by=by)
    return len(changed), gone


def _write(each: Given, was: str, by: Actor) -> None:
    """For the service alone."""
    if each.note.strip():
        becomes = db.session.get_one(Person, each.to).name
        add_comment(each.head, by=by, body=note_of(each.note, was, becomes), audience=Audience.SERVICE)
