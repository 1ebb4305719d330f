"""Everybody who is in a batch, as they stand today (L6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import clock
from app.letters.batches.models import LineState, Whom
from app.letters.batches.rules import MOST, Line, Rule, why_not
from app.letters.batches.ways import Way, way_of
from app.letters.purposes import Purpose
from app.people.queries import Actor


@dataclass(frozen=True)
class Chosen:
    """Lines in posting order, whether there would be more letters, and how many more are not ready."""

    lines: Sequence[Line]
    has_more: bool = False
    more_not_ready: int = 0


def chosen(actor: Actor, purpose: Purpose, rule: Rule, ticked: Sequence[str] = ()) -> Chosen:
    """Everybody to whom a letter is due by the rule, on the cases that this person may work, or of the students of their
    school; or of those of them that were ticked."""
    way, today = way_of(purpose), clock.today()
    ready: list[Line] = []
    others: list[Line] = []
    for dossier in way.candidates(actor, purpose, rule, ticked):
        line = _line(way, dossier, today)
        (ready if line.state is LineState.READY else others).append(line)
        if len(ready) > MOST:
            break
    both = [*ready[:MOST], *others[:MOST]]
    in_order = sorted(both, key=lambda line: line.order)
    return Chosen(in_order, len(ready) > MOST, max(len(others) - MOST, 0))


def looked_at_again(actor: Actor, purpose: Purpose, those: Iterable[tuple[Whom, int | None]]) -> list[Line]:
    """The same of those who were chosen before, each with the student of a school's letter; who is not among them any more
    stands last, with why."""
    way, students, today = way_of(purpose), dict(those), clock.today()
    found, gone = way.known(actor, purpose, students)
    again = [_line(way, found[whom], today) for whom in students if whom in found]
    lost = [Line(whom, students[whom], 0, LineState.NOT_READY, why, ()) for whom, why in sorted(gone.items())]
    return [*sorted(again, key=lambda line: line.order), *lost]


def _line(way: Way, dossier: Any, today: date) -> Line:
    ready = way.readiness(dossier, today)
    why, step = why_not(ready), ready.position.step
    state = LineState.NOT_READY if why else LineState.READY
    whom, student_id = way.whom_of(dossier), way.student_of(dossier)
    return Line(whom, student_id, step.number if step else 0, state, why, way.order_of(dossier))
