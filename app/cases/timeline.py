"""The timeline of a case, as this person may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, null, or_, select, true, tuple_

from app.cases import policy
from app.cases.entries import Audience, Entry, EntryAudience, EntryKind, Meeting
from app.cases.models import Status
from app.cases.queries import CaseHead, case_for
from app.cases.reading import appeared, last_opened
from app.cases.sharing import waits, was_undone
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Kind, Organisation, Person, Role
from app.people.queries import Actor
from app.people.shapes import ME, asked_by, like

PAGE = 25
MOST_HAPPENED = 400
OF_EVENT = (
    *("is_done", "began_at", "mode", "with_school", "with_student", "with_caregiver", "with_others"),
    *("done_by", "next_step", "is_hidden"),
)
A_LEAD = Actor(0, "", "", "", Role.ATTENDANCE_LEAD, 0, 0, "", Kind.SCHOOL)
"""Whoever reads a case at a school: nobody's own."""


def timeline_for(
    actor: Actor, case_id: int, *, before: str = "", only: EntryKind | None = None, audience: Audience | None = None
) -> Sequence[AnyRow]:
    """A page of entries, of all kinds or of one, for all audiences or for one, newest first, and one more; `before` is the
    last one's public id. What may be known to exist but not read comes without its text (SHARE-3)."""
    statement = _entries(like(actor), only, audience, is_before=bool(before))
    return db.session.execute(statement, asked_by(actor, of_case=case_id, before=before)).all()


@cache
def _entries(actor: Actor, only: EntryKind | None, audience: Audience | None, *, is_before: bool) -> AnySelect:
    of_case = Entry.case_id == bindparam("of_case")
    of_kind = and_(Entry.kind == only if only else true(), Entry.audience == audience if audience else true())
    last = select(Entry.happened_at, Entry.id).where(Entry.public_id == bindparam("before"), of_case)
    last = last.where(policy.listed(actor))
    is_older = tuple_(Entry.happened_at, Entry.id) < last.correlate(None).scalar_subquery()
    return (
        entries_with_events(actor)
        .where(of_case, of_kind, policy.listed(actor), is_older if is_before else true())
        .order_by(Entry.happened_at.desc(), Entry.id.desc())
        .limit(PAGE + 1)
    )


def entries_with_events(actor: Actor) -> AnySelect:
    """What stands on a timeline, as this person may read it: who wrote it, and of an event what it was."""
    return (
        select(*_columns(actor), *_of_event(actor))
        .join(Person, Person.id == Entry.author_id)
        .join(Organisation, Organisation.id == Entry.organisation_id)
        .outerjoin(Meeting, Meeting.entry_id == Entry.id)
    )


def _columns(actor: Actor) -> list[Any]:
    """Of an edit before it opened others are not told. What others wrote is new until one has opened the case (S6)."""
    readable = policy.readable(actor)
    is_told = or_(policy.is_ours(actor), Entry.edited_at >= Entry.opens_at)
    return [
        *(Entry.id, Entry.public_id, Entry.kind, Entry.happened_at, Entry.audience, Entry.opens_at, Entry.retracted_at),
        Entry.recorded_at,
        case((is_told, Entry.edited_at)).label("edited_at"),
        case((readable, Entry.body), else_=null()).label("body"),
        readable.label("is_readable"),
        policy.is_made(actor).label("is_made"),
        waits().label("waits"),
        and_(Entry.author_id != ME, appeared(actor) > last_opened(bindparam("of_case"))).label("is_new"),
        was_undone().label("was_undone"),
        case((policy.addressed(actor) if _is_at_school(actor) else true(), Person.name)).label("author_name"),
        Organisation.name.label("organisation_name"),
        Organisation.kind.label("organisation_kind"),
    ]


def _of_event(actor: Actor) -> list[Any]:
    """Of an event that may be known and not read a school has kind and day, and its service neither (SHARE-1, SHARE-3)."""
    readable = policy.readable(actor)
    is_shown = true() if _is_at_school(actor) else readable
    shown = {"event_kind": Meeting.kind, "happened_on": Meeting.happened_on}
    read = {name: getattr(Meeting, name) for name in OF_EVENT}
    return [
        *(case((is_shown, column)).label(name) for name, column in shown.items()),
        *(case((readable, column)).label(name) for name, column in read.items()),
    ]


def _is_at_school(actor: Actor) -> bool:
    return actor.organisation_kind is Kind.SCHOOL


def happened_on(actor: Actor, case_id: int) -> Sequence[AnyRow]:
    """Everything but notes that this person may know of, and that stands, oldest first: requests, changes of status, letters,
    events, plans."""
    happened = (Entry.case_id == case_id, Entry.kind != EntryKind.COMMENT, Entry.retracted_at.is_(None))
    statement = entries_with_events(like(actor)).where(*happened, policy.listed(like(actor)))
    in_order = statement.order_by(Entry.happened_at, Entry.id).limit(MOST_HAPPENED)
    return db.session.execute(in_order, asked_by(actor, of_case=case_id)).all()


def shown_to_school(case_id: int, *, before: str = "") -> Sequence[AnyRow]:
    """What the school's page of this case shows: the same clause that its own people's pages are built from (P8)."""
    return timeline_for(A_LEAD, case_id, before=before)


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
