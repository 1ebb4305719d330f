"""Who imports half-day marks: the attendance leads and the office of the school that they are of (`permissions.md`)."""

from typing import Any

from sqlalchemy import ColumnElement, false

from app.attendance.marks.models import MarkImport
from app.people.models import Role
from app.people.queries import Actor

WRITERS = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on MarkImport: those of the actor's school, however they came."""
    return MarkImport.school_id == actor.organisation_id if actor.role in WRITERS else false()


def can_import(actor: Actor, found: Any) -> bool:
    """Half-day marks are imported by a school's attendance leads and its office."""
    return actor.role in WRITERS
