"""Whom an announcement tells: the roles it is for, in the app; of what is known not to work, everybody
(`notifications.csv`: announcement, known_issue_changed)."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from app.announcements.models import Announcement, KnownIssue
from app.announcements.policy import visible
from app.announcements.rules import ANNOUNCED, ISSUE_ADDED, ISSUE_CHANGED, as_roles
from app.core import events
from app.core.db import db
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds, things_of
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor


@events.tells(ANNOUNCED)
def announced(announcement: Announcement, by: events.By, about: Any) -> Iterable[Told]:
    return _holders(as_roles(announcement.roles) or tuple(Role), by)


@events.tells(ISSUE_ADDED)
@events.tells(ISSUE_CHANGED)
def issue_changed(issue: KnownIssue, by: events.By, about: Any) -> Iterable[Told]:
    return _holders(tuple(Role), by)


@finds(ANNOUNCED)
def places_of_announcements(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Where all of them stand, for those they are for."""
    found = things_of(those, Announcement, Announcement.title, seen=visible(reader))
    return {row.id: Place("/announcements/", name=row.title) for row in found}


@finds(ISSUE_ADDED, ISSUE_CHANGED)
def places_of_issues(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    found = things_of(those, KnownIssue, KnownIssue.title)
    return {row.id: Place("/help/known-issues", name=row.title) for row in found}


def _holders(roles: Collection[Role], by: events.By) -> list[Told]:
    """Everyone who holds one of them anywhere, each once, in the first that they were given; never who did it."""
    held = (
        select(func.min(RoleHeld.id))
        .join(Person, Person.id == RoleHeld.person_id)
        .where(
            RoleHeld.role.in_(roles),
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
            RoleHeld.person_id != by.person_id,
        )
        .group_by(RoleHeld.person_id)
    )
    found = select(RoleHeld.person_id, RoleHeld.role, RoleHeld.organisation_id).where(RoleHeld.id.in_(held))
    return [Told(row.person_id, row.role, row.organisation_id, Channel.APP) for row in db.session.execute(found)]
