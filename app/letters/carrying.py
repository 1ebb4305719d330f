"""The worker's part of a batch: some of its lines in each transaction, so that a crash at any point loses none and makes none
twice; between two of them whoever looks at a single letter comes first."""

from flask import current_app
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core import clock, events
from app.core.db import begin_write, db
from app.letters.batches import tells
from app.letters.batches.actions import leave_out_the_rest
from app.letters.batches.asking import ask_some, let_some_be_set
from app.letters.batches.making import is_unmade, make_some
from app.letters.batches.models import BatchState, LetterBatch
from app.letters.batches.posting import post_some, void_some
from app.letters.batches.queries import actor_of, due
from app.letters.binding import AGAIN_AFTER, MOST_ATTEMPTS, NOT_BOUND, ToBind, bind_letters, has_letters, lease
from app.letters.rendering import render_due
from app.people.queries import Actor

NO_ROLE = "Whoever asked for this batch does not write letters here any more."
NOT_POSTED = "Letters may be left that were not noted as posted: whoever said so does not write letters here any more."
NOT_VOIDED = "Letters may be left that were not voided: whoever undid this batch does not write letters here any more."

STUCK = (
    "This batch does not go on: something went wrong each time it was tried. It is tried again every minute, and no letter is "
    "made or noted twice. Tell whoever runs the portal."
)


def make_due() -> int:
    """Letters that are due, and those of batches, a few at a time. How many were tried."""
    count = render_due()
    while carry_on():
        count += render_due()
    return count


def carry_on() -> bool:
    """A bite of each batch that is due. Whether anything was done: what another worker is setting is its to go on with."""
    found = list(db.session.scalars(due(clock.now()).with_only_columns(LetterBatch.id)))
    db.session.rollback()
    done = [_carried_on(batch_id) for batch_id in found]
    return any(done)


def _carried_on(batch_id: int) -> bool:
    try:
        done = _bite(batch_id)
        if isinstance(done, ToBind):
            bind_letters(done)
    except (InterfaceError, OperationalError):  # the database is away: of no batch
        raise
    except Exception:  # one that cannot go on holds up no other
        current_app.logger.exception("batch %s failed", batch_id)
        _try_later(batch_id)
        return False
    return bool(done)


def _bite(batch_id: int) -> bool | ToBind:
    """In one transaction."""
    begin_write()
    mine = due(clock.now()).where(LetterBatch.id == batch_id).with_for_update(skip_locked=True)
    batch: LetterBatch | None = db.session.scalar(mine)
    done = _of_state(batch) if batch else False
    db.session.commit()
    return done


def _of_state(batch: LetterBatch) -> bool | ToBind:
    if batch.state is BatchState.MAKING:
        return _make(batch)
    if batch.state is BatchState.UNDONE:
        return _void(batch)
    return _post(batch) if batch.posted_on else _bound(batch)


def _make(batch: LetterBatch) -> bool | ToBind:
    by = actor_of(batch, batch.asked_by_id)
    if by is None:
        leave_out_the_rest(batch, NO_ROLE)
        return _made(batch, None)
    if ask_some(batch, by=by) + make_some(batch, by=by) + let_some_be_set(batch):
        return _went_on(batch)
    return not is_unmade(batch) and _made(batch, by)


def _made(batch: LetterBatch, by: Actor | None) -> bool | ToBind:
    """Its letters are; then its print file is put together."""
    if isinstance(bound := _bound(batch), ToBind):
        return bound
    batch.state, batch.ended_at = BatchState.MADE, clock.now()
    if by:
        events.record(tells.MADE, by=by, on=batch)
    return True


def _bound(batch: LetterBatch) -> bool | ToBind:
    """Its print file, tried three times, however each try ended; then its page says so."""
    lacks_file = batch.print_file_id is None and has_letters(batch)
    if lacks_file and batch.attempts < MOST_ATTEMPTS:
        return lease(batch)
    batch.next_try_at = None
    batch.fault = (batch.fault or NOT_BOUND) if lacks_file else ""
    return True


def _post(batch: LetterBatch) -> bool:
    """To the last of them; what nobody answers for any more is said, and can be noted again."""
    by = actor_of(batch, batch.posted_by_id)
    if by and post_some(batch, by=by):
        return _went_on(batch)
    batch.next_try_at, batch.fault = None, ""
    if by:
        events.record(tells.POSTED, by=by, on=batch)
    else:
        batch.posted_on, batch.posted_by_id, batch.fault = None, None, NOT_POSTED
    return True


def _void(batch: LetterBatch) -> bool:
    by = actor_of(batch, batch.undone_by_id)
    if by and void_some(batch, by=by):
        return _went_on(batch)
    batch.next_try_at, batch.fault = None, ""
    if by:
        events.record(tells.UNDONE, by=by, on=batch)
    else:
        batch.state, batch.undone_at, batch.undone_by_id, batch.undone_why = BatchState.MADE, None, None, ""
        batch.fault = NOT_VOIDED
    return True


def _went_on(batch: LetterBatch) -> bool:
    """What failed before it did is over."""
    batch.attempts, batch.fault = 0, ""
    return True


def _try_later(batch_id: int) -> None:
    """In a minute, however often it fails; from the third time on its page says so, and the doctor. What is leased was counted,
    and waits for the end of its lease."""
    begin_write()
    batch = db.session.scalar(due(clock.now()).where(LetterBatch.id == batch_id).with_for_update())
    if batch:
        batch.attempts += 1
        batch.next_try_at = clock.now() + AGAIN_AFTER
        batch.fault = STUCK if batch.attempts >= MOST_ATTEMPTS else batch.fault
    db.session.commit()
