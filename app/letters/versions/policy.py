"""Who sees and changes the ladders of an organisation (`permissions.md`, Letters)."""

from typing import Any

from app.cases.access.policy import leads
from app.people.queries import Actor


def can_change_ladders(actor: Actor, ladder: Any) -> bool:
    """Only a workflow lead sees and changes a service’s ladders; a school’s its attendance lead, or the office without one."""
    return leads(actor)
