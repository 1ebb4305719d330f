"""The print file of a batch, once more: without letters of cases that have gone (PRIV-1)."""

from sqlalchemy import update

from app.core import events
from app.core.db import db
from app.core.errors import Conflict
from app.core.files.stored import remove
from app.letters.batches.actions import hand_over
from app.letters.batches.models import BatchLine, LetterBatch, LineState
from app.letters.batches.policy import is_of_others
from app.letters.batches.queries import THROUGH, Found, batch_to_change, file_of, is_at_work
from app.people.queries import Actor

NO_FILE = "A print file is put together of a batch that is made, and not posted or undone."
BOUND = "The print file is there."
GONE = "Its letter was made; the case has gone to somebody else since, and the letter with it."


def bind_again(found: Found, *, by: Actor) -> None:
    """The print file, which could not be put together or holds letters of cases that have gone, is tried anew. These letters
    stay with their cases, and are the batch's no more."""
    batch = batch_to_change(found.batch.id)
    if batch.state not in THROUGH or batch.posted_on or is_at_work(batch):
        raise Conflict(NO_FILE)
    if not _let_go(batch, by) and batch.print_file_id:
        raise Conflict(BOUND)
    _forget_file(batch)
    hand_over(batch)
    events.record("batch.print_file_asked", by=by, on=batch)


def _let_go(batch: LetterBatch, by: Actor) -> int:
    """Lines with letters of cases that are not theirs any more who ask for the file. How many."""
    gone = (BatchLine.batch_id == batch.id, BatchLine.letter_id.is_not(None), is_of_others(by))
    out = {"state": LineState.LEFT_OUT, "letter_id": None, "skipped_why": GONE}
    change = update(BatchLine).where(*gone).values(out).execution_options(synchronize_session=False)
    return int(db.session.execute(change).rowcount)  # type: ignore[attr-defined]


def _forget_file(batch: LetterBatch) -> None:
    file = file_of(batch)
    batch.print_file_id = None
    db.session.flush()
    if file:
        remove(file)
