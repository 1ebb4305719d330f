"""What stands for somebody now, and what was announced to them so far (H4)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Exists, exists, select

from app.announcements.models import Announcement, AnnouncementPutAway, KnownIssue
from app.announcements.policy import is_for, stands, visible
from app.core.db import AnyRow, db
from app.people.models import Person, RoleHeld, SignIn
from app.people.queries import Actor, reads_also

PAGE = 20
MOST_ISSUES = 50


def _is_put_away(person_id: Any) -> Exists:
    return exists().where(
        AnnouncementPutAway.announcement_id == Announcement.id, AnnouncementPutAway.person_id == person_id
    )


_ANNOUNCED = (
    select(Announcement.public_id.concat(" ").concat(Announcement.title))
    .where(
        stands(),
        is_for(RoleHeld.role),
        ~_is_put_away(SignIn.person_id).correlate(Announcement, SignIn),
    )
    .order_by(Announcement.id.desc())
    .limit(1)
    .correlate(SignIn, RoleHeld)
    .scalar_subquery()
)
reads_also(_ANNOUNCED.label("announced"))


def announcements_for(actor: Actor, *, before: str = "") -> Sequence[AnyRow]:
    """A page of what was announced to this person, newest first, and one row more; `before` is the last one's public id."""
    statement = (
        select(
            Announcement,
            Person.name.label("by_name"),
            stands().label("stands"),
            _is_put_away(actor.person_id).label("is_put_away"),
        )
        .join(Person, Person.id == Announcement.made_by_id)
        .where(visible(actor))
    )
    if before:
        last = select(Announcement.id).where(Announcement.public_id == before, visible(actor))
        statement = statement.where(Announcement.id < last.scalar_subquery())
    return db.session.execute(statement.order_by(Announcement.id.desc()).limit(PAGE + 1)).all()


def announcement_for(actor: Actor, public_id: str) -> Announcement | None:
    return db.session.scalar(select(Announcement).where(Announcement.public_id == public_id, visible(actor)))


def known_issues() -> Sequence[KnownIssue]:
    """What does not work now, and what was mended last, each newest first."""
    is_solved = KnownIssue.solved_at.is_not(None)
    return db.session.scalars(select(KnownIssue).order_by(is_solved, KnownIssue.id.desc()).limit(MOST_ISSUES)).all()


def issue_to_change(actor: Actor, public_id: str) -> KnownIssue | None:
    """Locked until the end of the transaction; everybody may read it."""
    return db.session.scalar(select(KnownIssue).where(KnownIssue.public_id == public_id).with_for_update())
