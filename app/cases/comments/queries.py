"""What became of a comment: who could have read it, what it said before, and who changed its audience last; and whether
the same was added just before."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select

from app.cases import policy
from app.cases.comments.rules import ASKED_AGAIN
from app.cases.entries import Audience, Entry, EntryAudience, EntryFile, EntryKind, EntryText
from app.cases.queries import CaseHead
from app.core import clock
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.core.seen import ViewLog
from app.core.text import nfc
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.people.shapes import HERE, ME, asked_by

SHOWING_ENTRIES = ("case", "files", "file", "note")
"""Pages, in the words of the view log, on which an entry, its files or its former texts are read."""


_ADDED = select(func.max(Entry.happened_at)).where(
    Entry.case_id == bindparam("of_case"),
    Entry.happened_at > bindparam("since"),
    Entry.kind == EntryKind.COMMENT,
    Entry.author_id == ME,
    Entry.organisation_id == HERE,
    Entry.audience == bindparam("audience"),
    Entry.body == bindparam("body"),
    Entry.retracted_at.is_(None),
)


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


def added_before(
    case: CaseHead, *, by: Actor, body: str, audience: Audience, files: Collection[str]
) -> datetime | None:
    """When this person last added the same text for the same readers, with at least these files (their SHA-256 as they
    arrived). What was taken back since does not count, nor what is longer ago than one presses a button twice."""
    hangs = exists().where(EntryFile.entry_id == Entry.id, StoredFile.id == EntryFile.file_id)
    statement = _ADDED.where(*(hangs.where(StoredFile.arrived_sha256 == each) for each in files)) if files else _ADDED
    what = {"of_case": case.case_id, "since": clock.now() - ASKED_AGAIN, "audience": audience, "body": nfc(body)}
    return db.session.scalar(statement, asked_by(by, **what))
