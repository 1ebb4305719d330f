"""Carry out the outbox: claim a row by a lease, ask again whether the person may see it, send, mark the result.

Nothing leaves before its transaction has committed, and nothing that must leave is lost: a row whose worker died is
claimed again when its lease ends. Only a mail that was in flight at that moment can arrive twice, and is marked. It
carries the same Message-ID both times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from app.core import clock
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.core.jobs import beat, heard_since

LEASE = timedelta(minutes=5)
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
TRY_FOR = timedelta(days=7)
"""How long a mail is kept for a mail server that cannot be reached, or that asks us to come again later."""
OUT_OF_REACH = "mail out of reach"
PAUSE = timedelta(seconds=50)
"""After a mail server could not be reached; less than a minute, so that each minute tries."""


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
    made_at: datetime


class Unreachable(Exception):
    """Raised by `send` where the mail server could not be talked to: nothing else would get through now either."""


class Unanswered(Unreachable):
    """The same, after the mail had been handed over and before the server said that it took it."""


class PutOff(Exception):
    """Raised by `send` where the mail server wants this one later."""


Send = Callable[[Delivery], str]


def deliver(send: Send) -> int:
    """Send everything due, one after the other, oldest first. A mail server that proves unreachable is left alone until
    the next minute: what waits for it keeps its order and loses no attempt. `send` answers with the result in words.
    Returns how many rows were tried."""
    count = 0
    is_reachable = not heard_since(OUT_OF_REACH, clock.now() - PAUSE)
    while is_reachable and (delivery := _claim()):
        is_reachable = _carry_out(delivery, send)
        beat("worker")
        count += 1
    return count


def mark_read(person_id: int, organisation_id: int) -> None:
    """Everything this person was told at this organisation has been read."""
    now = clock.now()
    statement = update(Outbox).where(
        Outbox.person_id == person_id,
        Outbox.organisation_id == organisation_id,
        Outbox.made_at <= now,
        Outbox.read_at.is_(None),
    )
    db.session.execute(statement.values(read_at=now))


def waiting() -> int:
    """How many rows are not done."""
    return db.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))) or 0


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
        row.made_at,
    )


def _carry_out(delivery: Delivery, send: Send) -> bool:
    """False where the mail server could not be reached."""
    try:
        result = send(delivery)
        db.session.rollback()
    except Unreachable as error:
        db.session.rollback()
        _wait_for_server(delivery, error)
        return False
    except Exception as error:  # noqa: BLE001 (one that cannot be sent holds up no other; what it was stands in its row)
        db.session.rollback()
        _mark(delivery, claimed_until=_in_doubt(delivery), **_after_failure(delivery, error))
        return True
    marked = f"{result}, perhaps twice" if delivery.was_in_flight else result
    _mark(delivery, claimed_until=None, done_at=clock.now(), result=marked, last_error="")
    return True


def _wait_for_server(delivery: Delivery, error: Unreachable) -> None:
    """It stays due, so that what was written first is sent first when the server is back; the try does not count."""
    beat(OUT_OF_REACH)
    in_doubt = _in_doubt(delivery, is_unanswered=isinstance(error, Unanswered))
    if _is_too_old(delivery):
        _mark(delivery, claimed_until=in_doubt, **_given_up(error))
    else:
        _mark(delivery, claimed_until=in_doubt, attempts=delivery.attempts - 1, last_error=_cause(error))


def _after_failure(delivery: Delivery, error: Exception) -> dict[str, object]:
    """Try again after 1 min, 5, 30, 2 h, 12 h; then give up, visibly. One that was put off is tried every 12 hours more
    until it is too old."""
    is_last = delivery.attempts > len(BACKOFF)
    if _is_too_old(delivery) if isinstance(error, PutOff) else is_last:
        return _given_up(error)
    wait = BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1]
    return {"next_try_at": clock.now() + wait, "last_error": _cause(error)}


def _is_too_old(delivery: Delivery) -> bool:
    return clock.now() - delivery.made_at > TRY_FOR


def _given_up(error: Exception) -> dict[str, object]:
    return {"done_at": clock.now(), "result": "failed", "last_error": _cause(error)}


def _cause(error: Exception) -> str:
    return type(error.__cause__ or error).__name__


def _in_doubt(delivery: Delivery, *, is_unanswered: bool = False) -> datetime | None:
    """A claim that ends now, instead of none, for what may have arrived already: it stays marked."""
    return clock.now() if delivery.was_in_flight or is_unanswered else None


def _mark(delivery: Delivery, **values: object) -> None:
    begin_write()
    db.session.execute(update(Outbox).where(Outbox.id == delivery.id).values(**values))
    db.session.commit()
