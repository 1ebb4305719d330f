"""Files come to hang on entries."""

from collections.abc import Sequence

from sqlalchemy import insert

from app.cases.entries import Entry, EntryFile
from app.core.db import db


def hang(entry: Entry, file_ids: Sequence[int]) -> None:
    """These files hang on this entry from now on."""
    if file_ids:
        rows = [{"file_id": file_id, "entry_id": entry.id} for file_id in file_ids]
        db.session.execute(insert(EntryFile), rows)
