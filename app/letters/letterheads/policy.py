"""Who changes a service's letterhead (`permissions.md`, Letters)."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor


def can_change_letterhead(actor: Actor, letterhead: Any) -> bool:
    """Only a workflow lead sees and changes the letterhead of their service here."""
    return actor.role is Role.WORKFLOW_LEAD
