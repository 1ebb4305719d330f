"""Carry out the outbox: claim a row by a lease, ask again whether the person may see it, send, mark the result.

Nothing leaves before its transaction has committed, and nothing that must leave is lost: a row whose worker died is
claimed again when its lease ends. Only a mail that was in flight at that moment can arrive twice, and is marked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.core import clock
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.core.jobs import beat

LEASE = timedelta(minutes=5)
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)


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
    attempts: int
    was_in_flight: bool


class Unreachable(Exception):
    """Raised by `send` where the mail server could not be talked to: nothing else would get through now either."""


Send = Callable[[Delivery], str]


def deliver(send: Send) -> int:
    """Send everything due, one after the other; what has not been tried when the mail server proves unreachable waits
    for the next run. `send` answers with the result in words. Returns how many rows were tried."""
    count = 0
    is_reachable = True
    while is_reachable and (delivery := _claim()):
        is_reachable = _carry_out(delivery, send)
        beat("worker")
        count += 1
    return count


def mark_read(person_id: int, organisation_id: int) -> None:
    """Everything this person was told at this organisation has been read."""
    statement = update(Outbox).where(
        Outbox.person_id == person_id, Outbox.organisation_id == organisation_id, Outbox.read_at.is_(None)
    )
    db.session.execute(statement.values(read_at=clock.now()))


def _claim() -> Delivery | None:
    begin_write()
    now = clock.now()
    due = (
        select(Outbox)
        .where(
            Outbox.done_at.is_(None),
            Outbox.next_try_at <= now,
            or_(Outbox.claimed_until.is_(None), Outbox.claimed_until < now),
        )
        .order_by(Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.session.scalar(due)
    delivery = _lease(row, now) if row else None
    db.session.commit()
    return delivery


def _lease(row: Outbox, now: datetime) -> Delivery:
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
        row.attempts,
        was_in_flight,
    )


def _carry_out(delivery: Delivery, send: Send) -> bool:
    """False where the mail server could not be reached."""
    try:
        result = send(delivery)
        db.session.rollback()
    except Exception as error:  # noqa: BLE001 (one that cannot be sent holds up no other; what it was stands in its row)
        db.session.rollback()
        _mark(delivery, **_after_failure(delivery, type(error.__cause__ or error).__name__))
        return not isinstance(error, Unreachable)
    marked = f"{result}, perhaps twice" if delivery.was_in_flight else result
    _mark(delivery, done_at=clock.now(), result=marked, last_error="")
    return True


def _after_failure(delivery: Delivery, error: str) -> dict[str, object]:
    """Try again after 1 min, 5, 30, 2 h, 12 h; then give up, visibly."""
    if delivery.attempts > len(BACKOFF):
        return {"done_at": clock.now(), "result": "failed", "last_error": error}
    return {"next_try_at": clock.now() + BACKOFF[delivery.attempts - 1], "last_error": error}


def _mark(delivery: Delivery, **values: object) -> None:
    begin_write()
    statement = update(Outbox).where(Outbox.id == delivery.id).values(claimed_until=None, **values)
    db.session.execute(statement)
    db.session.commit()
