"""Files of a case, as this person may see them: on the timeline, all of them, and one to be opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import bindparam, select

from app.cases import policy as case_policy
from app.cases.entries import Entry, EntryFile
from app.cases.files import policy
from app.cases.models import Case
from app.core.db import AnyRow, AnySelect, db
from app.core.files.stored import StoredFile
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.people.shapes import asked_by, like

PAGE = 40
LISTED = (
    StoredFile.public_id,
    StoredFile.name,
    StoredFile.size,
    StoredFile.at,
    StoredFile.change,
    StoredFile.scan,
    Person.name.label("by_name"),
)


@dataclass(frozen=True)
class FoundFile:
    """A file to be opened, and the case it is asked of (none for a draft's), for the view log."""

    file: StoredFile
    case_id: int | None


def file_for(actor: Actor, number: str, file: str) -> FoundFile | None:
    """One file of one case, where this person may read what it hangs on; one statement."""
    statement = select(StoredFile, Case.id).join(Case, policy.readable(actor))
    row = db.session.execute(statement.where(Case.number == number, StoredFile.public_id == file)).first()
    return FoundFile(row[0], row[1]) if row else None


def files_on(actor: Actor, entries: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    """The files of these entries of a visible case, by entry; one statement for a whole timeline."""
    found: dict[int, list[AnyRow]] = {}
    asked = asked_by(actor, entry_ids=[entry.id for entry in entries])
    for row in db.session.execute(_files_on(like(actor)), asked) if entries else ():
        found.setdefault(row.entry_id, []).append(row)
    return found


@cache
def _files_on(actor: Actor) -> AnySelect:
    return (
        select(EntryFile.entry_id, *LISTED)
        .join(StoredFile, StoredFile.id == EntryFile.file_id)
        .join(Person, Person.id == StoredFile.by_id)
        .join(Entry, Entry.id == EntryFile.entry_id)
        .where(EntryFile.entry_id.in_(bindparam("entry_ids", expanding=True)), case_policy.readable(actor))
        .order_by(StoredFile.id)
    )


def files_for(actor: Actor, case_id: int, *, before: str = "") -> Sequence[AnyRow]:
    """A page of all files of a visible case, newest first, and one more; `before` is the last one's public id."""
    statement = (
        select(*LISTED, Entry.kind, Entry.audience, Organisation.name.label("organisation_name"))
        .join(EntryFile, EntryFile.file_id == StoredFile.id)
        .join(Entry, Entry.id == EntryFile.entry_id)
        .join(Person, Person.id == StoredFile.by_id)
        .join(Organisation, Organisation.id == StoredFile.organisation_id)
        .where(Entry.case_id == case_id, case_policy.readable(actor))
    )
    if before:
        last = statement.where(StoredFile.public_id == before).with_only_columns(StoredFile.id)
        statement = statement.where(StoredFile.id < last.correlate(None).scalar_subquery())
    return db.session.execute(statement.order_by(StoredFile.id.desc()).limit(PAGE + 1)).all()
