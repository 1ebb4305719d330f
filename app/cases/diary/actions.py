"""A calendar's private address is made, made anew, and ended (P17)."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.cases.diary.models import CalendarFeed
from app.core import clock, events
from app.core.db import db
from app.core.security import digest, random_token
from app.people.models import RoleHeld
from app.people.queries import Actor

EVERY = timedelta(hours=1)
MADE, ENDED = "calendar.made", "calendar.ended"


def make_feed(*, by: Actor) -> str:
    """The secret of its address, which is kept nowhere: an address that there was before shows nothing from now on."""
    end_feed(by=by)
    token = random_token()
    feed = CalendarFeed(role_held_id=by.role_held_id, token_digest=digest(token), made_at=clock.now())
    db.session.add(feed)
    db.session.flush()
    events.record(MADE, by=by, on=feed)
    return token


def end_feed(*, by: Actor) -> bool:
    """The address shows nothing any more. False where there was none."""
    db.session.get(RoleHeld, by.role_held_id, with_for_update=True)
    mine = (CalendarFeed.role_held_id == by.role_held_id, CalendarFeed.ended_at.is_(None))
    ended = update(CalendarFeed).where(*mine).values(ended_at=clock.now()).returning(CalendarFeed)
    feed = db.session.scalars(ended.execution_options(synchronize_session=False)).one_or_none()
    if feed:
        events.record(ENDED, by=by, on=feed)
    return feed is not None


def is_read_anew(read_at: datetime | None) -> bool:
    """It is noted once an hour at most."""
    return read_at is None or clock.now() - read_at >= EVERY


def note_read(feed_id: int, at: datetime) -> None:
    """A calendar asked: whoever has it sees that it works."""
    db.session.execute(update(CalendarFeed).where(CalendarFeed.id == feed_id).values(read_at=at))
