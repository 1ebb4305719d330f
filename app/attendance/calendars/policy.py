"""Who changes a school's calendar, and who looks at it (`permissions.md`, T6)."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor

WRITERS = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


def can_see_calendar(actor: Actor, found: Any) -> bool:
    """The calendar of a school is no secret."""
    return True


def can_change_calendar(actor: Actor, found: Any) -> bool:
    """A school's calendar is changed by its attendance leads and its office."""
    return actor.role in WRITERS
