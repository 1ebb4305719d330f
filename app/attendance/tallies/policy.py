"""Who says that a school's marks of a term are right (`permissions.md`, "Attendance")."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor

CONFIRMERS = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


def can_confirm_term(actor: Actor, found: Any) -> bool:
    """A term is confirmed by the attendance leads of the school and its office."""
    return actor.role in CONFIRMERS
