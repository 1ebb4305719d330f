"""The worker's claim on a mail with a letter: a lease in its row. Whoever held it before changes nothing any more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.core import clock
from app.core.db import begin_write, db
from app.letters.emails.models import LetterMail

LEASE = timedelta(minutes=5)
"""Longer than a mail server may take to look into a letter and answer."""


@dataclass(frozen=True)
class ClaimedMail:
    """A mail as it was claimed; ours as long as its row names the same end of the lease."""

    id: int
    letter_id: int
    address: str
    until: datetime
    attempts: int
    asked_at: datetime
    was_in_flight: bool
    """Nobody has said what became of it the time before."""


def claim() -> ClaimedMail | None:
    """The next one that is due; nobody else has it until the lease ends. One that was in flight when its worker died leaves
    again, and is marked."""
    begin_write()
    now = clock.now()
    due = select(LetterMail).where(LetterMail.next_try_at <= now).order_by(LetterMail.next_try_at, LetterMail.id)
    mail = db.session.scalar(due.limit(1).with_for_update(skip_locked=True))
    claimed = _lease(mail, now) if mail else None
    db.session.commit()
    return claimed


def _lease(mail: LetterMail, now: datetime) -> ClaimedMail:
    was_in_flight = mail.is_in_flight
    mail.is_perhaps_twice = mail.is_perhaps_twice or was_in_flight
    mail.attempts += 1
    mail.last_error = ""
    mail.next_try_at = until = now + LEASE
    return ClaimedMail(mail.id, mail.letter_id, mail.address, until, mail.attempts, mail.asked_at, was_in_flight)


def still_ours(claimed: ClaimedMail) -> LetterMail | None:
    """Its row, in the caller's writing transaction; none where somebody else has claimed it."""
    mine = select(LetterMail).where(LetterMail.id == claimed.id, LetterMail.next_try_at == claimed.until)
    return db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
