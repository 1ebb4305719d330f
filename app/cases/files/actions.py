"""Files arrive, and come to hang on entries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import insert, select

from app.cases.entries import Entry, EntryFile
from app.cases.files.rules import too_many
from app.core.db import db
from app.core.errors import Refused
from app.core.figures import the_figures
from app.core.files import names
from app.core.files.stored import Kept, Scan, StoredFile, add
from app.people.queries import Actor


@dataclass(frozen=True)
class Arrived:
    """Files that came with a form and are in the store, and what is known of them before they are scanned."""

    kept: Sequence[Kept] = ()
    scan: Scan = Scan.NOT_SCANNED


NONE = Arrived()


def add_all(arrived: Arrived, *, by: Actor, beside: Collection[int] = ()) -> list[int]:
    """The ids of their rows. No name is twice among them and the files that they will stand beside."""
    others = list(db.session.scalars(select(StoredFile.name).where(StoredFile.id.in_(beside)))) if beside else []
    ids = []
    for kept in arrived.kept:
        others.append(name := names.told_apart(kept.name, others))
        ids.append(add(replace(kept, name=name), scan=arrived.scan, by=by).id)
    return ids


def hang(entry: Entry, file_ids: Sequence[int]) -> None:
    """These files hang on this entry from now on. Raises `Refused` when there are too many of them."""
    if len(file_ids) > (most := the_figures().most_files):
        raise Refused(too_many(most))
    if file_ids:
        rows = [{"file_id": file_id, "entry_id": entry.id} for file_id in file_ids]
        db.session.execute(insert(EntryFile), rows)
