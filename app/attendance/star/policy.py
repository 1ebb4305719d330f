"""Who sees STAR watch and answers its lines (`permissions.md`, "STAR list, responses, prompts, list by tutor")."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor

WRITERS = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


def sees_star(actor: Actor) -> bool:
    return actor.role in WRITERS


def can_take_back(actor: Actor, found: Any) -> bool:
    """What a school did at a step is taken back by its attendance leads and its office."""
    return sees_star(actor)
