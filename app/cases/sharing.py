"""What a service shared with a school, and whether the school waits for more (SHARE-4)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from app.cases.entries import Audience, Entry, EntryKind, Meeting
from app.cases.models import Case, UpdateRequest
from app.core.db import NOW
from app.people.models import Kind, Organisation

Shown = aliased(Meeting)
WRITTEN = (EntryKind.COMMENT, EntryKind.LETTER, EntryKind.EVENT, EntryKind.PLAN)
"""By somebody, with their files; what the case does by itself answers no question."""


def shared_by_service() -> tuple[ColumnElement[bool], ...]:
    """Clauses on Entry: a service wrote and shared it, and it is open to the school."""
    wrote_it = exists().where(Organisation.id == Entry.organisation_id, Organisation.kind == Kind.SERVICE)
    is_open = (Entry.audience == Audience.SHARED, Entry.retracted_at.is_(None), Entry.opens_at <= NOW)
    return Entry.kind.in_(WRITTEN), *is_open, wrote_it


def shows_kind() -> ColumnElement[bool]:
    """A clause on Entry: an event of the service of which a school may know kind and day, and nothing else."""
    shown = exists().where(Shown.entry_id == Entry.id, ~Shown.is_hidden)
    of_service = (Entry.kind == EntryKind.EVENT, Entry.audience == Audience.SERVICE)
    return and_(*of_service, Entry.retracted_at.is_(None), shown)


def waits() -> ColumnElement[bool]:
    """A clause on Entry: it is shared, and not open to others yet (SHARE-2)."""
    return and_(Entry.audience == Audience.SHARED, Entry.opens_at > NOW, Entry.retracted_at.is_(None))


def was_undone() -> ColumnElement[bool]:
    """A clause on Entry: it was taken back before others could read it."""
    return and_(Entry.retracted_at.is_not(None), Entry.retracted_at < Entry.opens_at)


def update_wanted() -> Any:
    """Since when a school waits for an update on this Case: it asked, and nothing was shared since (SHARE-4)."""
    shared = (Entry.case_id == UpdateRequest.case_id, Entry.opens_at > UpdateRequest.asked_at)
    waits = (UpdateRequest.answered_at.is_(None), ~exists().where(*shared, *shared_by_service()))
    asked = select(func.min(UpdateRequest.asked_at)).where(UpdateRequest.case_id == Case.id, *waits)
    return asked.correlate(Case).scalar_subquery()
