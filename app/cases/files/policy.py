"""Who may open a file of a case: whoever may read what it hangs on (SHARE-6)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_

from app.cases import policy
from app.cases.entries import Entry, EntryFile, Unsent, UnsentFile
from app.cases.models import Case
from app.core.files.stored import StoredFile
from app.people.queries import Actor


def readable(actor: Actor) -> ColumnElement[bool]:
    """A clause on StoredFile and the Case that it is asked of: it hangs on an entry that the actor may read, or on the
    note that they are writing."""
    on_entry = exists().where(EntryFile.file_id == StoredFile.id, Entry.id == EntryFile.entry_id)
    on_unsent = exists().where(UnsentFile.file_id == StoredFile.id, Unsent.id == UnsentFile.unsent_id)
    return and_(
        policy.visible(actor),
        or_(
            on_entry.where(Entry.case_id == Case.id, policy.readable(actor)),
            on_unsent.where(Unsent.case_id == Case.id, own(actor)),
        ),
    )


def own(actor: Actor) -> ColumnElement[bool]:
    """A clause on Unsent: the actor is writing it, at this organisation."""
    return and_(Unsent.person_id == actor.person_id, Unsent.organisation_id == actor.organisation_id)


def can_open(actor: Actor, found: Any) -> bool:
    """Whoever could load a file through what it hangs on may open it, once it is safe to open."""
    return True
