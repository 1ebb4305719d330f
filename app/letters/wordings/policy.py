"""Who changes the texts of letters (`permissions.md`, Letters)."""

from typing import Any

from app.letters.purposes import Purpose
from app.people.models import Kind, Role
from app.people.queries import Actor

PURPOSES_OF = {
    Kind.SERVICE: (Purpose.CA, Purpose.NEN),
    Kind.SCHOOL: (Purpose.SCHOOL, Purpose.HOLIDAY),
}
"""Whose letters are for what (LET-1)."""
CHANGING = frozenset({Role.WORKFLOW_LEAD, Role.ATTENDANCE_LEAD})


def can_change_texts(actor: Actor, texts: Any) -> bool:
    """Only a workflow lead, and at a school an attendance lead, sees and changes the texts of its letters here."""
    return actor.role in CHANGING
