"""Who asks whether a file is the letter that was sent (`permissions.md`, "service letters: see")."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor


def can_check_letters(actor: Actor, thing: Any) -> bool:
    """Whoever sees letters, a workflow lead or a case manager, asks whether a file is one of them."""
    return actor.role in {Role.WORKFLOW_LEAD, Role.CASE_MANAGER}
