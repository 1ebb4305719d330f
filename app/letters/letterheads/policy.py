"""Who changes the letterhead of a service, or of a school (`permissions.md`, Letters)."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor


def can_change_letterhead(actor: Actor, letterhead: Any) -> bool:
    """Only a workflow lead sees and changes the letterhead of their service here, and an attendance lead that of their school."""
    return actor.role in {Role.WORKFLOW_LEAD, Role.ATTENDANCE_LEAD}
