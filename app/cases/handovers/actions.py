"""What is written is kept as it is written; then all the cases change hands at once, each with its note (CASE-9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.cases.assignment.actions import able, give_together, tell_together
from app.cases.comments.actions import add_notes
from app.cases.handovers.queries import Held
from app.cases.handovers.rules import note_of
from app.cases.queries import CaseHead
from app.cases.unsent.actions import forget_handovers, save
from app.cases.unsent.rules import HANDOVER, HANDOVER_TO, Window
from app.core import clock
from app.core.db import db
from app.people.models import Person
from app.people.queries import Actor


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
    is no case manager there, `Conflict` where something was written for a case that somebody else has by now."""
    people = able({each.to for each in given}, by)
    takers = {each.head.id: people[each.to] for each in given}
    noted = [each.head.id for each in given if each.note.strip()]
    changed = give_together(takers, instead_of=person_id, at=clock.now(), by=by, noted=noted)
    went = {each.named.case_id for each in changed}
    _write([each for each in given if each.head.id in went], takers, person_id, by)
    forget_handovers(takers, by=by)
    tell_together(changed, by=by)
    gone = sorted((each.head.id, each.head.number) for each in given if each.head.id not in went)
    return len(changed), [number for _, number in gone]


def _write(given: Sequence[Given], takers: Mapping[int, Person], person_id: int, by: Actor) -> None:
    """For the service alone."""
    if noted := [each for each in given if each.note.strip()]:
        was = db.session.get_one(Person, person_id).name
        notes = {each.head.id: note_of(each.note, was, takers[each.head.id].name) for each in noted}
        add_notes([each.head for each in noted], notes, by=by)
