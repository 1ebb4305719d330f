"""The print file of a batch: its letters in posting order, each beginning on a right-hand page. The letters that were kept stay
what they are; this is a copy to print, without their tags."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from typing import IO

from flask import current_app
from sqlalchemy import Select, select

from app.core import clock
from app.core.db import begin_write, db
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.files.stored import Kept, Scan, StoredFile, add
from app.core.pdf.binding import BindingFailed, bind
from app.letters.batches.models import BatchLine, LetterBatch
from app.letters.claiming import Asker
from app.letters.models import Letter

LEASE = timedelta(minutes=5)
"""Longer than five hundred letters take."""
MOST_ATTEMPTS = 3
AGAIN_AFTER = timedelta(minutes=1)
NOT_BOUND = "The print file could not be put together. Try again, or print each letter from its own page."
NOT_KEPT = "The print file could not be kept, because the file storage does not answer. Try again in a few minutes."
NAME = "Letters to print.pdf"


@dataclass(frozen=True)
class ToBind:
    """A batch whose print file this worker puts together, as long as its row names the same end of the lease."""

    batch_id: int
    until: datetime
    attempts: int
    by: Asker


def lease(batch: LetterBatch) -> ToBind:
    """In the transaction that holds its row."""
    batch.attempts += 1
    batch.next_try_at = until = clock.now() + LEASE
    return ToBind(batch.id, until, batch.attempts, Asker(batch.asked_by_id, batch.organisation_id))


def bind_letters(to_bind: ToBind) -> None:
    """Outside of any transaction, but for reading where the letters are and for writing where the file is."""
    keys = db.session.scalars(_keys(to_bind.batch_id)).all()
    db.session.rollback()
    try:
        with tempfile.TemporaryFile() as whole:
            bind(_files(keys), whole)
            kept = _kept(whole)
    except (BindingFailed, Missing):
        current_app.logger.error("a print file was not put together")  # noqa: TRY400 (what was said may quote a letter)
        _give_back(to_bind, NOT_BOUND)
    except (StoreFailed, OSError):
        _give_back(to_bind, NOT_KEPT)
    else:
        _keep(to_bind, kept)


def has_letters(batch: LetterBatch) -> bool:
    return db.session.scalar(_keys(batch.id).limit(1)) is not None


def _keys(batch_id: int) -> Select[str]:
    letters = select(StoredFile.key).join(Letter, Letter.file_id == StoredFile.id)
    mine = letters.join(BatchLine, BatchLine.letter_id == Letter.id).where(BatchLine.batch_id == batch_id)
    return mine.where(Letter.made_at.is_not(None)).order_by(BatchLine.place)


def _files(keys: Sequence[str]) -> Iterator[bytes]:
    """One at a time."""
    for key in keys:
        yield b"".join(the_store().read(key))


def _kept(whole: IO[bytes]) -> Kept:
    digest = file_digest(whole, "sha256").hexdigest()  # type: ignore[arg-type]
    size = whole.tell()
    whole.seek(0)
    return Kept(the_store().put(whole), NAME, "application/pdf", size, digest, digest)


def _keep(to_bind: ToBind, kept: Kept) -> None:
    """Where it is no longer ours nothing is written, and the object goes with the sweep."""
    batch = _still_ours(to_bind)
    if batch:
        batch.print_file_id = add(kept, scan=Scan.NOT_SCANNED, by=to_bind.by).id
        batch.next_try_at, batch.fault = clock.now(), ""
    db.session.commit()


def _give_back(to_bind: ToBind, words: str) -> None:
    batch = _still_ours(to_bind)
    if batch:
        is_over = to_bind.attempts >= MOST_ATTEMPTS
        batch.fault, batch.next_try_at = words, clock.now() + (timedelta() if is_over else AGAIN_AFTER)
    db.session.commit()


def _still_ours(to_bind: ToBind) -> LetterBatch | None:
    begin_write()
    mine = (LetterBatch.id == to_bind.batch_id, LetterBatch.next_try_at == to_bind.until)
    return db.session.scalar(select(LetterBatch).where(*mine).with_for_update())
