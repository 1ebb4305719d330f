"""Who may read and write announcements and known issues (`permissions.md`, Everybody)."""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, true

from app.announcements.models import Announcement, KnownIssue
from app.announcements.rules import BAR
from app.core.db import NOW
from app.people.models import Role
from app.people.queries import Actor

WRITERS = (Role.NATIONAL_ANALYST, Role.OPERATOR)


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Announcement: whoever writes them sees all; others what was announced to their role so far, and nothing that
    was taken back before it began."""
    if actor.role in WRITERS:
        return true()
    was_said = or_(Announcement.ended_at.is_(None), Announcement.ended_at > Announcement.from_at)
    return and_(is_for(literal(str(actor.role))), Announcement.from_at <= NOW, was_said)


def is_for(role: Any) -> ColumnElement[bool]:
    """A clause on Announcement: it is said to this role, or to everybody."""
    sought = literal(f"%{BAR}").concat(cast(role, String)).concat(f"{BAR}%")
    return or_(Announcement.roles == "", Announcement.roles.like(sought))


def stands() -> ColumnElement[bool]:
    """A clause on Announcement: it has begun, and is not over."""
    return and_(Announcement.from_at <= NOW, Announcement.until_at > NOW, Announcement.ended_at.is_(None))


def can_end(actor: Actor, announcement: Announcement) -> bool:
    """Only those who write announcements end them: national analysts and whoever runs the portal."""
    return actor.role in WRITERS


def can_put_away(actor: Actor, announcement: Announcement) -> bool:
    """Whoever can read an announcement may put it away."""
    return True


def can_change_issue(actor: Actor, issue: KnownIssue) -> bool:
    """Only whoever runs the portal writes known issues."""
    return actor.role is Role.OPERATOR
