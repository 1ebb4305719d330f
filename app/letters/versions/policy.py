"""Who sees and changes a service's ladders (`permissions.md`, Letters)."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor


def can_change_ladders(actor: Actor, ladder: Any) -> bool:
    """Only a workflow lead sees and changes the ladders of their service here."""
    return actor.role is Role.WORKFLOW_LEAD
