"""Something is announced, ends, and is put away by who has read it; and what is known not to work."""

from sqlalchemy import ColumnElement, delete, update

from app.announcements import tells  # noqa: F401  (registers whom these events tell)
from app.announcements.models import Announcement, AnnouncementPutAway, KnownIssue
from app.announcements.rules import (
    ANNOUNCED,
    ISSUE_ADDED,
    ISSUE_CHANGED,
    Said,
    as_text,
    begins_at,
    ends_at,
    faults,
    texts_of,
)
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Conflict, refuse_faulty
from app.core.events import Outbox
from app.core.security import public_id
from app.core.text import nfc
from app.core.versions import changed_since
from app.people.queries import Actor


def announce(said: Said, *, by: Actor) -> Announcement:
    """It stands from the first day, at once where that is today, to the end of the last; from then on those it is for are told."""
    refuse_faulty(*faults(said, clock.today()).values())
    now = clock.now()
    made = Announcement(
        public_id=public_id(),
        title=nfc(said.title),
        body=nfc(said.body),
        roles=as_text(said.roles),
        from_at=begins_at(said.from_on, now),
        until_at=ends_at(said.until_on),
        made_at=now,
        made_by_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    events.record(ANNOUNCED, by=by, on=made, after=made.from_at)
    return made


def end_announcement(announcement: Announcement, *, by: Actor) -> bool:
    """It stands no longer; it stays among the former ones. Whoever was to be told later is told of nothing. False where it is over
    already."""
    now = clock.now()
    if announcement.ended_at or announcement.until_at <= now:
        return False
    announcement.ended_at, announcement.ended_by_id = now, by.person_id
    to_come = (Outbox.next_try_at == announcement.from_at, Outbox.made_at > now)  # by its index
    db.session.execute(delete(Outbox).where(*to_come, *_of(announcement)))
    events.record("announcement.ended", by=by, on=announcement)
    return True


def put_away(announcement: Announcement, *, by: Actor) -> None:
    """It no longer stands on this person's pages, nor among what they have not read. Twice is once."""
    away = {"announcement_id": announcement.id, "person_id": by.person_id, "at": clock.now()}
    db.session.execute(inserting(AnnouncementPutAway).values(away).on_conflict_do_nothing())
    unread = (Outbox.person_id == by.person_id, Outbox.read_at.is_(None))
    db.session.execute(update(Outbox).where(*unread, *_of(announcement)).values(read_at=away["at"]))


def add_issue(title: str, body: str, *, by: Actor) -> KnownIssue:
    """It is known from now on that this does not work, and what to do meanwhile; everybody is told."""
    now = clock.now()
    made = KnownIssue(
        public_id=public_id(), title=nfc(title), body=nfc(body), made_at=now, made_by_id=by.person_id, changed_at=now
    )
    db.session.add(made)
    db.session.flush()
    events.record(ISSUE_ADDED, by=by, on=made)
    return made


def change_issue(issue: KnownIssue, title: str, body: str, *, is_solved: bool, version: str, by: Actor) -> bool:
    """Other words, or it is mended, or not after all. Raises `Conflict` where it does not stand as the page showed it.
    False where it says so already."""
    was = texts_of(issue)
    if changed_since(version, was):
        raise Conflict("Somebody else changed this known issue meanwhile.")
    if was == {"title": nfc(title), "body": nfc(body), "is_solved": "y" if is_solved else ""}:
        return False
    issue.title, issue.body, issue.changed_at = nfc(title), nfc(body), clock.now()
    issue.solved_at = (issue.solved_at or clock.now()) if is_solved else None
    events.record(ISSUE_CHANGED, by=by, on=issue)
    return True


def _of(announcement: Announcement) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What was told, or is to be, of this announcement."""
    return Outbox.thing == Announcement.__tablename__, Outbox.thing_id == announcement.id
