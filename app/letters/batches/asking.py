"""The lines of a batch that was begun become letters, frozen as everything stands then (LET-6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.letters.batches.models import BatchLine, LetterBatch, LineState, Whom
from app.letters.batches.rules import OTHER_TEXT, cut, is_reworded, why_not
from app.letters.batches.ways import Way, way_of
from app.letters.claiming import nobody_looks_at
from app.letters.models import Letter
from app.letters.wordings.queries import changed_since
from app.people.queries import Actor

AT_ONCE = 25
"""Lines in one transaction."""
AHEAD = 8
"""Letters of a batch that may wait to be set, so that one that somebody looks at meanwhile does not wait for all of them."""
MEANWHILE = "Somebody else has made this letter meanwhile."
OTHER_STEP = "Another letter is the next one to this caregiver by now."


@dataclass(frozen=True)
class Known:
    """What the letters of lines rest on now; and why there can be none to the others any more."""

    dossiers: Mapping[Whom, Any]
    gone: Mapping[Whom, str]

    def of(self, line: BatchLine) -> Any:
        return self.dossiers.get(line.whom)

    def why_gone(self, line: BatchLine) -> str:
        return self.gone[line.whom]


nobody_looks_at(select(BatchLine.place).where(BatchLine.letter_id == Letter.id).exists())


def ask_some(batch: LetterBatch, *, by: Actor) -> int:
    """The next lines, in posting order: each with its letter, or with why it has none. How many there were."""
    ready = select(BatchLine).where(BatchLine.batch_id == batch.id, BatchLine.state == LineState.READY)
    lines = db.session.scalars(ready.order_by(BatchLine.place).limit(AT_ONCE)).all()
    found, way = as_they_stand(batch, lines, by=by), way_of(batch.purpose)
    changed = changed_since(batch.organisation_id, batch.purpose, batch.asked_at) if lines else set()
    for line in lines:
        dossier = found.of(line)
        if dossier is None or (why := why_not_asked(line, dossier, way) or _why_reworded(line, dossier, way, changed)):
            leave_out(line, why if dossier else found.why_gone(line))
        else:
            letter = way.preview_letter(dossier, by=by)
            letter.next_try_at = None
            line.letter_id, line.state = letter.id, LineState.ASKED
    return len(lines)


def let_some_be_set(batch: LetterBatch) -> int:
    """Of those that wait, the next are given to whoever sets letters; never many at once. How many."""
    theirs = select(BatchLine.letter_id).where(BatchLine.batch_id == batch.id, BatchLine.letter_id.is_not(None))
    unset = (Letter.id.in_(theirs), Letter.rendered_at.is_(None), Letter.fault == "")
    given = select(Letter.id).where(*unset, Letter.next_try_at.is_not(None))
    room = AHEAD - len(db.session.scalars(given).all())
    waiting = select(Letter.id).where(*unset, Letter.next_try_at.is_(None)).order_by(Letter.id).limit(max(room, 0))
    some = db.session.scalars(waiting).all()
    db.session.execute(update(Letter).where(Letter.id.in_(some)).values(next_try_at=clock.now()))
    return len(some)


def as_they_stand(batch: LetterBatch, lines: Iterable[BatchLine], *, by: Actor) -> Known:
    """What the letters of these lines rest on; whoever closes, moves or gives one of the cases to somebody else waits, or was
    first."""
    way, those = way_of(batch.purpose), {line.whom for line in lines}
    way.hold(those)
    return Known(*way.known(by, batch.purpose, those))


def why_not_asked(line: BatchLine, dossier: Any, way: Way) -> str:
    """Why this letter is not written now, or nothing."""
    ready = way.readiness(dossier, clock.today())
    if line.step in {letter.step for letter in dossier.in_force}:
        return MEANWHILE
    step = ready.position.step
    return why_not(ready) or (OTHER_STEP if step is None or step.number != line.step else "")


def _why_reworded(line: BatchLine, dossier: Any, way: Way, changed: set[tuple[int, str]]) -> str:
    """Whoever looked through the list had another text in mind."""
    if not changed:
        return ""
    written = way.readiness(dossier, clock.today()).languages
    return OTHER_TEXT if is_reworded(line.step, written, dossier.caregiver.language, changed) else ""


def leave_out(line: BatchLine, why: str) -> None:
    line.state, line.letter_id, line.skipped_why = LineState.LEFT_OUT, None, cut(why)
