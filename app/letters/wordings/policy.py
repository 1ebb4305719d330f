"""Who changes the texts of letters (`permissions.md`, Letters)."""

from typing import Any

from app.cases.access.policy import leads
from app.letters.purposes import Purpose
from app.people.models import Kind
from app.people.queries import Actor

PURPOSES_OF = {
    Kind.SERVICE: (Purpose.CA, Purpose.NEN),
    Kind.SCHOOL: (Purpose.SCHOOL, Purpose.HOLIDAY),
}
"""Whose letters are for what (LET-1)."""


def can_change_texts(actor: Actor, texts: Any) -> bool:
    """Only a workflow lead sees and changes a service’s texts; a school’s its attendance lead, or the office without one."""
    return leads(actor)
