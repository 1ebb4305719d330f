"""Who sees what marks ask, and answers (`permissions.md`, "Attendance")."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor

ANSWERERS = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


def can_answer(actor: Actor, found: Any) -> bool:
    """What marks ask is for the school’s attendance leads and its office."""
    return actor.role in ANSWERERS
