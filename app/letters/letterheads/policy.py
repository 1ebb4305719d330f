"""Who changes the letterhead of a service, or of a school (`permissions.md`, Letters)."""

from typing import Any

from app.cases.access.policy import leads
from app.people.queries import Actor


def can_change_letterhead(actor: Actor, letterhead: Any) -> bool:
    """Only a workflow lead sees and changes a service’s letterhead; a school’s its attendance lead, or the office without one."""
    return leads(actor)
