"""What a service shared with a school, and whether the school waits for more (SHARE-4)."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, select

from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case, UpdateRequest
from app.core.db import NOW
from app.people.models import Kind, Organisation

WRITTEN = (EntryKind.COMMENT, EntryKind.LETTER)
"""By somebody, with their files; what the case does by itself answers no question."""


def shared_by_service() -> tuple[ColumnElement[bool], ...]:
    """Clauses on Entry: a service wrote and shared it, and it is open to the school."""
    wrote_it = exists().where(Organisation.id == Entry.organisation_id, Organisation.kind == Kind.SERVICE)
    is_open = (Entry.audience == Audience.SHARED, Entry.retracted_at.is_(None), Entry.opens_at <= NOW)
    return Entry.kind.in_(WRITTEN), *is_open, wrote_it


def update_wanted() -> Any:
    """Since when a school waits for an update on this Case: it asked, and nothing was shared since (SHARE-4)."""
    shared = (Entry.case_id == UpdateRequest.case_id, Entry.opens_at > UpdateRequest.asked_at)
    waits = (UpdateRequest.answered_at.is_(None), ~exists().where(*shared, *shared_by_service()))
    asked = select(func.min(UpdateRequest.asked_at)).where(UpdateRequest.case_id == Case.id, *waits)
    return asked.correlate(Case).scalar_subquery()
