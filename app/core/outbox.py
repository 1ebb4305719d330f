"""Carry out the outbox: claim what leaves as one mail by a lease, ask again whether the person may see it, send, mark the
result.

Nothing leaves before its transaction has committed, and nothing that must leave is lost: a row whose worker died is
claimed again when its lease ends. Only a mail that was in flight at that moment can arrive twice, and is marked. It
carries the same Message-ID both times."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from app.core import claims, clock
from app.core.claims import Delivery
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.core.jobs import beat, heard_since

__all__ = ["Delivery", "Later", "PutOff", "Unanswered", "Unreachable", "deliver", "waiting"]

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


class Unreachable(Exception):
    """Raised by `send` where the mail server could not be talked to: nothing else would get through now either."""


class Unanswered(Unreachable):
    """The same, after the mail had been handed over and before the server said that it took it."""


class PutOff(Exception):
    """Raised by `send` where the mail server wants this one later."""


class Later(Exception):
    """Raised by `send` where it is not the time for this one; the try does not count."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


Send = Callable[[Delivery], str | Mapping[int, str]]
"""Answers with the result in words: the same for all that left together, or by row."""


def deliver(send: Send, *, at_once: Collection[str] = ()) -> int:
    """Send everything due, one after the other, oldest first. A mail server that proves unreachable is left alone until
    the next minute: what waits for it keeps its order and loses no attempt. The events of `at_once` wait for no hour.
    Returns how many mails were tried."""
    count = 0
    is_reachable = not heard_since(OUT_OF_REACH, clock.now() - PAUSE)
    while is_reachable and (delivery := claims.claim(at_once)):
        is_reachable = _carry_out(delivery, send)
        beat("worker")
        count += 1
    return count


def waiting() -> int:
    """How many rows are not done."""
    return db.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.done_at.is_(None))) or 0


def _carry_out(delivery: Delivery, send: Send) -> bool:
    """False where the mail server could not be reached."""
    try:
        result = send(delivery)
        db.session.rollback()
    except Unreachable as error:
        db.session.rollback()
        beat(OUT_OF_REACH)
        is_unanswered = isinstance(error, Unanswered)
        _mark({each.id: _waits_for_server(each, error, is_unanswered=is_unanswered) for each in delivery.all})
        return False
    except Later as later:
        db.session.rollback()
        _mark({each.id: _waits(each, later.until) for each in delivery.all})
        return True
    except Exception as error:  # noqa: BLE001 (one that cannot be sent holds up no other; what it was stands in its row)
        db.session.rollback()
        _mark({each.id: _after_failure(each, error) for each in delivery.all})
        return True
    results = dict.fromkeys((each.id for each in delivery.all), result) if isinstance(result, str) else result
    _mark({each.id: _done(each, results[each.id]) for each in delivery.all})
    return True


def _done(delivery: Delivery, result: str) -> dict[str, object]:
    marked = f"{result}, perhaps twice" if delivery.was_in_flight else result
    return {"claimed_until": None, "done_at": clock.now(), "result": marked, "last_error": ""}


def _waits(delivery: Delivery, until: datetime) -> dict[str, object]:
    return {"claimed_until": _in_doubt(delivery), "next_try_at": until, "attempts": delivery.attempts - 1}


def _waits_for_server(delivery: Delivery, error: Unreachable, *, is_unanswered: bool) -> dict[str, object]:
    """It stays due, so that what was written first is sent first when the server is back; the try does not count."""
    in_doubt = {"claimed_until": _in_doubt(delivery, is_unanswered=is_unanswered)}
    if _is_too_old(delivery):
        return {**in_doubt, **_given_up(error)}
    return {**in_doubt, "attempts": delivery.attempts - 1, "last_error": _cause(error)}


def _after_failure(delivery: Delivery, error: Exception) -> dict[str, object]:
    """Try again after 1 min, 5, 30, 2 h, 12 h; then give up, visibly. One that was put off is tried every 12 hours more
    until it is too old."""
    in_doubt = {"claimed_until": _in_doubt(delivery)}
    is_last = delivery.attempts > len(BACKOFF)
    if _is_too_old(delivery) if isinstance(error, PutOff) else is_last:
        return {**in_doubt, **_given_up(error)}
    wait = BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1]
    return {**in_doubt, "next_try_at": clock.now() + wait, "last_error": _cause(error)}


def _is_too_old(delivery: Delivery) -> bool:
    return clock.now() - delivery.made_at > TRY_FOR


def _given_up(error: Exception) -> dict[str, object]:
    return {"done_at": clock.now(), "result": "failed", "last_error": _cause(error)}


def _cause(error: Exception) -> str:
    return type(error.__cause__ or error).__name__


def _in_doubt(delivery: Delivery, *, is_unanswered: bool = False) -> datetime | None:
    """A claim that ends now, instead of none, for what may have arrived already: it stays marked."""
    return clock.now() if delivery.was_in_flight or is_unanswered else None


def _mark(changes: Mapping[int, dict[str, object]]) -> None:
    """All that left together, or none of it."""
    begin_write()
    for row_id, values in changes.items():
        db.session.execute(update(Outbox).where(Outbox.id == row_id).values(**values))
    db.session.commit()
