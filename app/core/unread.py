"""What somebody was told and has not read: in the role they were told it in, from when on it may be told."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from app.core import clock
from app.core.db import NOW, db
from app.core.events import By, Outbox

COUNTED_TO = 100
"""Nobody reads a count beyond, and it is counted with every page."""


def count_of(person_id: Any, organisation_id: Any, role: Any, *, within: Any) -> Any:
    """How many there are, as far as `COUNTED_TO`, as a column of another statement that is about the tables `within`."""
    some = select(Outbox.id).where(*is_unread(person_id, organisation_id, role, NOW)).limit(COUNTED_TO)
    return select(func.count()).select_from(some.correlate(*within).subquery()).correlate(*within).scalar_subquery()


def mark_all(by: By) -> None:
    """Everything this person was told at this organisation in this role has been read: what they were told in another one
    there, they have not seen."""
    _mark(by, clock.now())


def mark_of_case(by: By, case_id: int, now: datetime) -> None:
    """Of one case."""
    _mark(by, now, Outbox.case_id == case_id)


def _mark(by: By, now: datetime, *which: Any) -> None:
    unread = is_unread(by.person_id, by.organisation_id, str(by.role), now)
    db.session.execute(update(Outbox).where(*unread, *which).values(read_at=now))


def is_unread(person_id: Any, organisation_id: Any, role: Any, now: Any) -> tuple[Any, ...]:
    """By the index on what is unread, which a case's follows."""
    theirs = (Outbox.person_id == person_id, Outbox.organisation_id == organisation_id, Outbox.role == role)
    return (*theirs, Outbox.made_at <= now, Outbox.read_at.is_(None))
