"""What waits to be told (`after`, in `core.events`): it is told now after all, or never."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core import clock
from app.core.db import db, mark_due
from app.core.events import Channel, Outbox
from app.core.figures import the_figures


def still_to_tell(on: Any, since: datetime) -> Sequence[Outbox]:
    """Who is told of this from `since` on. The rows are locked: until the transaction ends the worker passes them over.
    No mail leaves before its row may be told, so the index on the next try finds them."""
    of_it = (Outbox.thing == on.__tablename__, Outbox.thing_id == on.id)
    to_tell = (*of_it, Outbox.next_try_at >= since, Outbox.made_at >= since)
    return db.session.scalars(select(Outbox).where(*to_tell).with_for_update()).all()


def tell_now(rows: Iterable[Outbox]) -> None:
    """What waited is due."""
    now = clock.now()
    for row in rows:
        waits = row.channel is Channel.APP_DIGEST
        row.made_at, row.next_try_at = now, clock.next_hour(now, the_figures().digest_hour) if waits else now
    db.session.flush()
    mark_due()


def tell_nobody(rows: Iterable[Outbox]) -> None:
    """What waited is not told at all, and leaves no count."""
    for row in rows:
        db.session.delete(row)
    db.session.flush()
