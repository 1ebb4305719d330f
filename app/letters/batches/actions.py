"""A batch is chosen, looked through, begun, cancelled, noted as posted, undone (L6). What takes long the worker does."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select, update

from app.core import clock, events
from app.core.db import db, mark_due
from app.core.errors import Conflict, Refused
from app.core.security import public_id
from app.core.text import nfc
from app.letters.batches.choosing import Chosen, chosen, looked_at_again
from app.letters.batches.listing import counts_of
from app.letters.batches.models import BatchLine, BatchState, LetterBatch, LineState, Whom
from app.letters.batches.queries import Found, batch_to_change, to_post, why_not_posted, why_not_undone
from app.letters.batches.rules import Line, Rule, cut
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.rules import fault_of_sending
from app.people.queries import Actor

NOBODY = "Nobody has a letter due by this rule. Nothing was put in a list."
BEGUN = "This batch was begun already."
NOT_IN_REVIEW = "This batch is not being looked through any more."
NONE_READY = "No letter of this batch is ready. Look at what each of them needs, or choose by another rule."
CANCELLED = "The batch was cancelled before this letter was made."


def choose(purpose: Purpose, rule: Rule, ticked: Sequence[str], *, by: Actor) -> tuple[LetterBatch, Chosen]:
    """A list to look through. `ticked`: numbers of cases, or public ids of students. Raises `Refused` where nobody is on it."""
    found = chosen(by, purpose, rule, ticked)
    if not found.lines:
        raise Refused(NOBODY)
    batch = LetterBatch(public_id=public_id(), organisation_id=by.organisation_id, purpose=purpose, rule=rule)
    batch.asked_at, batch.asked_by_id, batch.asked_as = clock.now(), by.person_id, by.role
    db.session.add(batch)
    db.session.flush()
    _write(batch, found.lines, {})
    events.record("batch.chosen", by=by, on=batch)
    return batch, found


def look_again(found: Found, *, by: Actor) -> None:
    """As everything stands now; whom somebody skipped stays skipped."""
    batch = _in_review(found)
    was = db.session.scalars(select(BatchLine).where(BatchLine.batch_id == batch.id)).all()
    skipped = {line.whom: line.skipped_why for line in was if line.state is LineState.SKIPPED}
    lines = looked_at_again(by, batch.purpose, [(line.whom, line.student_id) for line in was])
    db.session.execute(delete(BatchLine).where(BatchLine.batch_id == batch.id))
    batch.asked_at = clock.now()
    _write(batch, lines, skipped)
    events.record("batch.looked_at_again", by=by, on=batch)


def skip(found: Found, place: int, why: str, *, by: Actor) -> None:
    """No letter to this caregiver in this batch, for a reason (LET-4)."""
    _become(found, place, LineState.READY, LineState.SKIPPED, cut(nfc(why)))
    events.record("batch.line_skipped", by=by, on=found.batch)


def put_back(found: Found, place: int, *, by: Actor) -> None:
    """It is looked at again as the batch begins, like any other."""
    _become(found, place, LineState.SKIPPED, LineState.READY, "")
    events.record("batch.line_put_back", by=by, on=found.batch)


def begin(found: Found, *, by: Actor) -> None:
    """The worker freezes what the letters say, sets and makes them. Of two who begin it at once one does."""
    batch = batch_to_change(found.batch.id)
    if batch.state is not BatchState.REVIEW:
        raise Conflict(BEGUN)
    if not counts_of(by, batch).ready:
        raise Refused(NONE_READY)
    batch.state, batch.begun_at = BatchState.MAKING, clock.now()
    hand_over(batch)
    events.record("batch.begun", by=by, on=batch)


def cancel(found: Found, *, by: Actor) -> None:
    """What is made stays made, the rest is not made. Before it was begun: it is thrown away, and stays in the list of batches."""
    batch = batch_to_change(found.batch.id)
    if batch.state not in {BatchState.REVIEW, BatchState.MAKING}:
        raise Conflict("This batch is made, or was cancelled already.")
    was_begun = batch.state is BatchState.MAKING
    batch.state, batch.ended_at, batch.next_try_at = BatchState.CANCELLED, clock.now(), None
    if was_begun:
        leave_out_the_rest(batch, CANCELLED)
        hand_over(batch)
    events.record("batch.cancelled", by=by, on=batch)


def leave_out_the_rest(batch: LetterBatch, why: str) -> None:
    """Every line that has no letter by now; previews that were asked for go, as any that nobody makes."""
    unmade = select(Letter.id).where(Letter.id == BatchLine.letter_id, Letter.made_at.is_(None)).exists()
    rest = (BatchLine.state == LineState.READY) | ((BatchLine.state == LineState.ASKED) & unmade)
    theirs = select(BatchLine.letter_id).where(BatchLine.batch_id == batch.id, BatchLine.letter_id.is_not(None))
    stopped = update(Letter).where(Letter.id.in_(theirs), Letter.made_at.is_(None))
    db.session.execute(stopped.values(next_try_at=None))
    out = {"state": LineState.LEFT_OUT, "letter_id": None, "skipped_why": why}
    change = update(BatchLine).where(BatchLine.batch_id == batch.id, rest).values(out)
    db.session.execute(change.execution_options(synchronize_session=False))


def mark_posted(found: Found, on: date, *, answer_by: date | None = None, by: Actor) -> None:
    """All that were made and not sent were posted on this day, but for those on closed cases or in the mail: which they are is
    kept now, and the worker says so of each. An answer is hoped for until `answer_by`, if that is named. Raises `Refused` for a day that cannot be."""
    batch = batch_to_change(found.batch.id)
    if why := why_not_posted(batch, counts_of(by, batch).to_post):
        raise Conflict(why)
    if fault := fault_of_sending(on, _last_made_on(batch), clock.today()):
        raise Refused(fault)
    batch.posted_on, batch.posted_by_id, batch.answer_by = on, by.person_id, answer_by
    _keep_which(batch, by)
    hand_over(batch)
    events.record("batch.posted", by=by, on=batch)


def _keep_which(batch: LetterBatch, by: Actor) -> None:
    """Of its letters were in the envelopes: those that wait for no mail server now."""
    theirs = update(BatchLine).where(BatchLine.batch_id == batch.id)
    kept = theirs.values(is_said_posted=BatchLine.place.in_(to_post(batch, by)))
    db.session.execute(kept.execution_options(synchronize_session=False))


def undo(found: Found, reason: str, *, by: Actor) -> None:
    """Each letter of it that was not sent counts no more, for this reason; what was sent stays, as on closed cases."""
    batch = batch_to_change(found.batch.id)
    if why := why_not_undone(batch, counts_of(by, batch).to_undo):
        raise Conflict(why)
    batch.state, batch.undone_why = BatchState.UNDONE, nfc(reason)
    batch.undone_at, batch.undone_by_id = clock.now(), by.person_id
    hand_over(batch)
    events.record("batch.undone", by=by, on=batch)


def _last_made_on(batch: LetterBatch) -> date:
    last = select(func.max(Letter.made_at)).join(BatchLine, BatchLine.letter_id == Letter.id)
    made_at = db.session.scalar(last.where(BatchLine.batch_id == batch.id))
    return clock.nz(made_at).date() if made_at else clock.today()


def hand_over(batch: LetterBatch) -> None:
    """To the worker, which is woken once this is kept."""
    batch.next_try_at, batch.attempts, batch.fault = clock.now(), 0, ""
    mark_due()


def _in_review(found: Found) -> LetterBatch:
    batch = batch_to_change(found.batch.id)
    if batch.state is not BatchState.REVIEW:
        raise Conflict(NOT_IN_REVIEW)
    return batch


def _become(found: Found, place: int, was: LineState, becomes: LineState, why: str) -> None:
    batch = _in_review(found)
    line = (BatchLine.batch_id == batch.id, BatchLine.place == place, BatchLine.state == was)
    changed = db.session.execute(update(BatchLine).where(*line).values(state=becomes, skipped_why=why))
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("This line has changed meanwhile. Look at the list again.")


def _write(batch: LetterBatch, lines: Sequence[Line], skipped: Mapping[Whom, str]) -> None:
    rows = []
    for place, line in enumerate(lines, 1):
        why = skipped.get(line.whom, "")
        state = (LineState.SKIPPED, why) if why else (line.state, line.why)
        who = {**line.whom._asdict(), "case_id": line.whom.case_id or None, "student_id": line.student_id}
        said = dict(zip(("state", "skipped_why"), state, strict=True))
        rows.append({"batch_id": batch.id, "place": place, "step": line.step, **who, **said})
    if rows:
        db.session.execute(insert(BatchLine), rows)
