"""What became of a comment: who could have read it, what it said before, and who changed its audience last."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.cases import policy
from app.cases.entries import Entry, EntryAudience, EntryText
from app.core.db import AnyRow, db
from app.core.seen import ViewLog
from app.people.models import Organisation, Person
from app.people.queries import Actor

SHOWING_ENTRIES = ("case", "files", "file", "note")
"""Pages, in the words of the view log, on which an entry, its files or its former texts are read."""


def readers_since(entry: Entry) -> Sequence[AnyRow]:
    """Who of other organisations opened the case since this was opened to them, and when first; first come first."""
    first = func.min(ViewLog.at).label("at")
    statement = (
        select(Person.name, ViewLog.role, Organisation.name.label("organisation_name"), first)
        .join(Person, Person.id == ViewLog.person_id)
        .join(Organisation, Organisation.id == ViewLog.organisation_id)
        .where(
            ViewLog.case_id == entry.case_id,
            ViewLog.page.in_(SHOWING_ENTRIES),
            ViewLog.organisation_id != entry.organisation_id,
            ViewLog.at >= entry.opens_at,
        )
        .group_by(Person.id, Person.name, ViewLog.role, Organisation.name)
        .order_by(first)
    )
    return db.session.execute(statement).all()


def former_texts(actor: Actor, entry: Entry) -> Sequence[AnyRow]:
    """What it said before, and until when, newest first; as far as this person could read it then."""
    statement = (
        select(EntryText.was, EntryText.at, Person.name)
        .join(Entry, Entry.id == EntryText.entry_id)
        .join(Person, Person.id == EntryText.by_id)
        .where(Entry.id == entry.id, policy.formerly_readable(actor))
        .order_by(EntryText.id.desc())
    )
    return db.session.execute(statement).all()


def last_change(entry: Entry) -> EntryAudience | None:
    """The last change of who reads it."""
    statement = select(EntryAudience).where(EntryAudience.entry_id == entry.id)
    return db.session.scalar(statement.order_by(EntryAudience.id.desc()).limit(1))
