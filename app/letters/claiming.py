"""The worker's claim on a letter: a lease in its row. Whoever held it before changes nothing any more.

A letter whose worker died is claimed again when its lease ends. What a third worker has lost is given up, for people to
see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import false, or_, select

from app.cases.models import Case
from app.core import clock
from app.core.db import begin_write, db
from app.letters.models import Letter
from app.letters.purposes import Purpose

LEASE = timedelta(seconds=90)
"""Longer than the press may take to start and to set a letter, so that no slow one is overtaken."""
MOST_ATTEMPTS = 3
LOST = "The letter could not be set, three times over. Try again; if it fails again, report the case number."

_unseen: list[Any] = []


def nobody_looks_at(those: Any) -> None:
    """A room above registers a clause on Letter: what is made without being looked at first. It needs no pictures, and does not
    go after a day."""
    _unseen.append(those)


def is_looked_at() -> Any:
    return ~or_(false(), *_unseen)


class Asker(NamedTuple):
    """Who asked for a letter, for the row of its file."""

    person_id: int
    organisation_id: int
    role: str = ""


@dataclass(frozen=True)
class Claimed:
    """A letter as it was claimed; ours as long as its row names the same end of the lease."""

    id: int
    until: datetime
    attempts: int
    facts: str
    purpose: Purpose
    step: int
    wording: str
    asked_on: date
    by: Asker
    has_pictures: bool
    reference: str
    """The number of its case; of a letter without one its own public id."""

    @property
    def file_name(self) -> str:
        """Says nothing about people."""
        return f"{self.reference} letter {self.step}.pdf"


def claim() -> Claimed | None:
    """The next one; nobody else has it until the lease ends."""
    begin_write()
    now = clock.now()
    due = (
        select(Letter, Case.number, is_looked_at().label("is_looked_at"))
        .outerjoin(Case, Case.id == Letter.case_id)
        .where(Letter.next_try_at <= now)
        .order_by(Letter.next_try_at, Letter.id)
        .limit(1)
        .with_for_update(of=Letter, skip_locked=True)
    )
    row = db.session.execute(due).first()
    claimed = _lease(row.Letter, row.number or row.Letter.public_id, row.is_looked_at, now) if row else None
    db.session.commit()
    return claim() if row and not claimed else claimed


def _lease(letter: Letter, reference: str, is_looked_at: bool, now: datetime) -> Claimed | None:
    """None for one that was lost too often, and is given up here."""
    if letter.attempts >= MOST_ATTEMPTS:
        letter.next_try_at, letter.fault = None, LOST
        return None
    letter.attempts += 1
    letter.next_try_at = until = now + LEASE
    return Claimed(
        letter.id,
        until,
        letter.attempts,
        letter.facts,
        letter.purpose,
        letter.step,
        letter.wording,
        clock.nz(letter.asked_at).date(),
        Asker(letter.asked_by_id, letter.organisation_id),
        is_looked_at,
        reference,
    )


def give_back(claimed: Claimed, words: str, *, again_after: timedelta | None = None) -> None:
    """Tried again, or given up with the words in its row."""
    letter = still_ours(claimed)
    if letter and again_after is not None and claimed.attempts < MOST_ATTEMPTS:
        letter.next_try_at = clock.now() + again_after
    elif letter:
        letter.next_try_at, letter.fault = None, words
    db.session.commit()


def still_ours(claimed: Claimed) -> Letter | None:
    """Its row, in a writing transaction; none where somebody else has claimed it, or it is no more."""
    begin_write()
    mine = select(Letter).where(Letter.id == claimed.id, Letter.next_try_at == claimed.until)
    return db.session.scalar(mine.with_for_update())
