"""The timeline of a case, as this person may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, null, or_, select, true, tuple_

from app.cases import policy
from app.cases.entries import Entry, EntryAudience
from app.cases.models import Status
from app.cases.queries import CaseHead, appeared, case_for, last_opened
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Kind, Organisation, Person, Role
from app.people.queries import Actor
from app.people.shapes import ME, asked_by, like

PAGE = 40
A_LEAD = Actor(0, "", "", "", Role.ATTENDANCE_LEAD, 0, 0, "", Kind.SCHOOL)
"""Whoever reads a case at a school: nobody's own."""


def timeline_for(actor: Actor, case_id: int, *, before: str = "") -> Sequence[AnyRow]:
    """A page of entries, newest first, and one more; `before` is the last one's public id. What may be known to exist
    but not read comes without its text (SHARE-3)."""
    statement = _entries(like(actor), is_before=bool(before))
    return db.session.execute(statement, asked_by(actor, of_case=case_id, before=before)).all()


@cache
def _entries(actor: Actor, *, is_before: bool) -> AnySelect:
    of_case = Entry.case_id == bindparam("of_case")
    last = select(Entry.happened_at, Entry.id).where(Entry.public_id == bindparam("before"), of_case)
    last = last.where(policy.listed(actor))
    is_older = tuple_(Entry.happened_at, Entry.id) < last.correlate(None).scalar_subquery()
    return (
        select(*_columns(actor))
        .join(Person, Person.id == Entry.author_id)
        .join(Organisation, Organisation.id == Entry.organisation_id)
        .where(of_case, policy.listed(actor), is_older if is_before else true())
        .order_by(Entry.happened_at.desc(), Entry.id.desc())
        .limit(PAGE + 1)
    )


def _columns(actor: Actor) -> list[Any]:
    """Of an edit before it opened others are not told. What others wrote is new until one has opened the case (S6)."""
    readable = policy.readable(actor)
    is_told = or_(policy.is_ours(actor), Entry.edited_at >= Entry.opens_at)
    return [
        *(Entry.id, Entry.public_id, Entry.kind, Entry.happened_at, Entry.audience, Entry.opens_at, Entry.retracted_at),
        case((is_told, Entry.edited_at)).label("edited_at"),
        case((readable, Entry.body), else_=null()).label("body"),
        readable.label("is_readable"),
        policy.is_made(actor).label("is_made"),
        policy.waits().label("waits"),
        and_(Entry.author_id != ME, appeared(actor) > last_opened(bindparam("of_case"))).label("is_new"),
        policy.was_undone().label("was_undone"),
        Person.name.label("author_name"),
        Organisation.name.label("organisation_name"),
        Organisation.kind.label("organisation_kind"),
    ]


def shown_to_school(case_id: int) -> Sequence[AnyRow]:
    """What the school's page of this case shows: the same clause that its own people's pages are built from (P8)."""
    return timeline_for(A_LEAD, case_id)


def entry_for(actor: Actor, number: str, public_id: str) -> Any:
    """One entry that this person may read, with its case's header; or None."""
    return _entry(actor, number, public_id, policy.readable(actor))


def addressed_entry_for(actor: Actor, number: str, public_id: str) -> Any:
    """The same, also of an entry that was retracted: so that who acts on it again is told."""
    return _entry(actor, number, public_id, policy.addressed(actor))


def _entry(actor: Actor, number: str, public_id: str, clause: ColumnElement[bool]) -> Any:
    head = case_for(actor, number)
    if head is None:
        return None
    statement = select(Entry).where(Entry.public_id == public_id, Entry.case_id == head.case_id, clause)
    entry = db.session.scalar(statement)
    return EntryOfCase(entry, head) if entry else None


@dataclass(frozen=True)
class OfCase:
    """Something that hangs on a case, together with the header of that case, for rules that ask about both."""

    head: CaseHead

    @property
    def case_id(self) -> int:
        return self.head.id

    @property
    def status(self) -> Status:
        return Status(self.head.status)

    @property
    def is_own(self) -> bool:
        return bool(self.head.is_own)


class EntryOfCase:
    """An entry together with the header of its case, for rules that ask about both."""

    def __init__(self, entry: Entry, head: CaseHead) -> None:
        self.entry = entry
        self.head = head
        self.case_id = head.case_id


def audience_history(entry: Entry) -> Sequence[AnyRow]:
    """Each change of who reads it: from what to what, when, by whom, and whether it had been read."""
    statement = (
        select(EntryAudience.was, EntryAudience.became, EntryAudience.at, EntryAudience.was_read, Person.name)
        .join(Person, Person.id == EntryAudience.by_id)
        .where(EntryAudience.entry_id == entry.id)
        .order_by(EntryAudience.id)
    )
    return db.session.execute(statement).all()
