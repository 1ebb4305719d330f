"""Whom it tells that a school knows something about safety."""

from collections.abc import Iterable
from typing import Any

from app.cases.models import SafetyNote, Status
from app.cases.safety.rules import ADDED
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told
from app.people.models import Kind
from app.people.queries import Actor


@events.tells(ADDED)
def note_added(note: SafetyNote, by: Actor, about: Any) -> Iterable[Told]:
    """As whatever a school adds: the case manager, in the queue the leads."""
    if by.organisation_kind is not Kind.SCHOOL:
        return []
    is_queued = about.status is Status.QUEUE
    return told_of(note.case_id, "school_added_in_queue" if is_queued else "school_added", by=by)
