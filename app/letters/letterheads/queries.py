"""The letterhead of the actor's own organisation."""

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.letterheads.rules import LetterheadTexts, texts_of
from app.letters.models import Letterhead
from app.people.models import Organisation, Person
from app.people.queries import Actor


@dataclass(frozen=True)
class OwnLetterhead:
    """As it stands, with who changed it last; empty where nobody has written one yet."""

    row: AnyRow

    @property
    def texts(self) -> LetterheadTexts:
        return texts_of(self.row)


def letterhead_for(actor: Actor) -> OwnLetterhead | None:
    """That of the actor's organisation."""
    statement = (
        select(
            Organisation.name,
            Letterhead.name_mi,
            Letterhead.address,
            Letterhead.phone,
            Letterhead.email,
            Letterhead.colour,
            Letterhead.changed_at,
            Letterhead.logo_id,
            Person.name.label("changed_by"),
        )
        .outerjoin(Letterhead, Letterhead.organisation_id == Organisation.id)
        .outerjoin(Person, Person.id == Letterhead.changed_by_id)
        .where(Organisation.id == actor.organisation_id)
    )
    row = db.session.execute(statement).first()
    return OwnLetterhead(row) if row else None


def logo_for(actor: Actor) -> StoredFile | None:
    """The logo of the actor's organisation, where it has one."""
    own = select(StoredFile).join(Letterhead, Letterhead.logo_id == StoredFile.id)
    return db.session.scalar(own.where(Letterhead.organisation_id == actor.organisation_id))


def letterhead_to_change(organisation_id: int) -> Letterhead | None:
    """The entity, if there is one; nobody else changes it, or begins one, until the end of the transaction."""
    db.session.execute(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True)
    )
    own = select(Letterhead).where(Letterhead.organisation_id == organisation_id)
    return db.session.scalar(own.execution_options(populate_existing=True))
