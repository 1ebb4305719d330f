"""Which rows of the outbox leave next, as one mail: claimed together by a lease.

At most one mail about a case reaches a person within an hour (SHARE-7): what comes meanwhile waits, and leaves in one mail when
the hour is over, or with what waits for no hour. What was put off to the day's one mail leaves with everything else of that person that was."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.core import clock
from app.core.db import begin_write, db
from app.core.events import Channel, Outbox

LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
SENT = "sent"
"""How the result of what left begins."""


@dataclass(frozen=True)
class Delivery:
    """An outbox row as it was claimed."""

    id: int
    event: str
    person_id: int
    role: str
    organisation_id: int
    case_id: int | None
    thing: str
    thing_id: int
    channel: Channel
    attempts: int
    was_in_flight: bool
    made_at: datetime
    read_at: datetime | None
    also: tuple["Delivery", ...] = ()
    """What leaves with it."""

    @property
    def all(self) -> tuple["Delivery", ...]:
        return (self, *self.also)


def claim(at_once: Collection[str]) -> Delivery | None:
    """What is due, oldest first; the events of `at_once` wait for no hour."""
    begin_write()
    now, found = clock.now(), None
    while found is None and (row := db.session.scalar(_due(now).limit(1))):
        if until := _hour_over_at(row, now, at_once):
            row.next_try_at = until
            db.session.flush()
        else:
            found = _leased(row, now, tuple(_leased(other, now) for other in _others(row, now)))
    db.session.commit()
    return found


def _due(now: datetime) -> Select[Outbox]:
    due = select(Outbox).where(Outbox.done_at.is_(None), Outbox.next_try_at <= now, _is_free(now))
    return due.order_by(Outbox.id).with_for_update(skip_locked=True)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now)


def _hour_over_at(row: Outbox, now: datetime, at_once: Collection[str]) -> datetime | None:
    """Until when it waits; what may be on its way already waits for nothing."""
    if row.claimed_until or not _is_of_case(row) or row.event in at_once:
        return None
    last = select(func.max(Outbox.done_at)).where(
        Outbox.person_id == row.person_id,
        Outbox.case_id == row.case_id,
        Outbox.channel == Channel.APP_EMAIL,
        Outbox.done_at > now - HOUR,
        Outbox.result.startswith(SENT),
    )
    sent_at = db.session.scalar(last)
    return sent_at + HOUR if sent_at else None


def _is_of_case(row: Outbox) -> bool:
    return row.channel is Channel.APP_EMAIL and row.case_id is not None


def _others(row: Outbox, now: datetime) -> Sequence[Outbox]:
    """What leaves in the same mail: of one act, or since the last one. With one that may be on its way already only what was on its way with it: the mail keeps
    its Message-ID, so it says what it said."""
    was_in_flight = Outbox.claimed_until.is_not(None) if row.claimed_until else Outbox.claimed_until.is_(None)
    theirs = [Outbox.person_id == row.person_id, Outbox.channel == row.channel, Outbox.id != row.id, was_in_flight]
    if row.channel is Channel.APP_DIGEST:
        return db.session.scalars(_due(now).where(*theirs)).all()
    if not _is_of_case(row):
        return ()
    on_case = [
        Outbox.case_id == row.case_id,
        Outbox.organisation_id == row.organisation_id,
        Outbox.role == row.role,
        Outbox.made_at <= now,
        Outbox.done_at.is_(None),
    ]
    statement = select(Outbox).where(*theirs, *on_case, _is_free(now)).order_by(Outbox.id)
    return db.session.scalars(statement.with_for_update(skip_locked=True)).all()


def _leased(row: Outbox, now: datetime, also: tuple[Delivery, ...] = ()) -> Delivery:
    was_in_flight = row.claimed_until is not None
    row.claimed_until = now + LEASE
    row.attempts += 1
    return Delivery(
        row.id,
        row.event,
        row.person_id,
        row.role,
        row.organisation_id,
        row.case_id,
        row.thing,
        row.thing_id,
        row.channel,
        row.attempts,
        was_in_flight,
        row.made_at,
        row.read_at,
        also,
    )
