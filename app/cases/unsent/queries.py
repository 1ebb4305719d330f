"""The note that this person is writing on a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.cases.entries import Unsent, UnsentFile
from app.cases.files.policy import own
from app.cases.files.queries import LISTED
from app.cases.queries import CaseHead, case_for
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.people.models import Person
from app.people.queries import Actor


@dataclass(frozen=True)
class UnsentNote:
    """Its text, when it was kept, and what was uploaded for it."""

    body: str = ""
    at: datetime | None = None
    files: Sequence[AnyRow] = ()


def unsent_for(actor: Actor, case_id: int) -> UnsentNote:
    """What this person is writing on a case, to nobody else; one statement."""
    statement = (
        select(Unsent.body, Unsent.at.label("kept_at"), *LISTED)
        .outerjoin(UnsentFile, UnsentFile.unsent_id == Unsent.id)
        .outerjoin(StoredFile, StoredFile.id == UnsentFile.file_id)
        .outerjoin(Person, Person.id == StoredFile.by_id)
        .where(Unsent.case_id == case_id, own(actor))
        .order_by(StoredFile.id)
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return UnsentNote()
    return UnsentNote(rows[0].body, rows[0].kept_at, [row for row in rows if row.public_id])


@dataclass(frozen=True)
class NoteFile:
    """A file of the note that this person is writing, and the case."""

    head: CaseHead
    public_id: str


def note_file_for(actor: Actor, number: str, file: str) -> NoteFile | None:
    """A file that can be taken off a note, by whoever is writing it."""
    head = case_for(actor, number)
    if head is None or file not in [each.public_id for each in unsent_for(actor, head.case_id).files]:
        return None
    return NoteFile(head, file)
