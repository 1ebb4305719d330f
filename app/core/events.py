"""What happened, kept for good: one audit row, and one outbox row for each person to be told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, db, mark_due, only_where, word
from app.core.figures import the_figures


class By(Protocol):
    """Who acts: a person in a role at an organisation."""

    @property
    def person_id(self) -> int: ...
    @property
    def role(self) -> Any: ...
    @property
    def organisation_id(self) -> int: ...


class Audit(Base):
    """One thing that happened. Append-only in the database itself; holds no text people wrote."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    thing: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int]


class Channel(StrEnum):
    """How a person is told (`notifications.csv`)."""

    APP = "app"
    APP_EMAIL = "app+email"
    APP_DIGEST = "app+digest"
    """In the app at once, by mail with everything else of the day."""


_UNREAD_BY = ("person_id", "organisation_id", "role", "case_id", "made_at", "event")


class Outbox(Base):
    """One person to be told of one thing. The row is the job: it carries its lease, attempts and result."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_told", "person_id", "organisation_id", "id"),
        Index("ix_outbox_unread", *_UNREAD_BY, **only_where("read_at IS NULL")),
        Index("ix_outbox_due", "id", "next_try_at", **only_where("done_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    """From when on they may be told: until then they are told neither by mail nor in the app."""
    event: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"))
    thing: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int]
    channel: Mapped[Channel] = mapped_column(word(Channel))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(60), default="")
    read_at: Mapped[datetime | None]


_AUDITED = Audit.__table__.insert()  # type: ignore[attr-defined]
_TO_BE_TOLD = Outbox.__table__.insert()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Told:
    """A person to be told, in the role they hold there, and how."""

    person_id: int
    role: str
    organisation_id: int
    channel: Channel


Teller = Callable[[Any, Any, Any], Iterable[Told]]
_tellers: dict[str, Teller] = {}


def tells(event: str) -> Callable[[Teller], Teller]:
    """Register whom an event tells; the function is given the thing, who did it, and the case it is about."""

    def register(teller: Teller) -> Teller:
        _tellers[event] = teller
        return teller

    return register


def record(event: str, *, by: By, on: Any, about: Any = None, after: datetime | None = None) -> None:
    """Write the audit row and the outbox rows, in the caller's transaction. Nobody is told before `after`, and nobody of
    their own act but for what REQ-9 asks (a teller adds that by itself)."""
    now = clock.now()
    what = {"event": event, "case_id": about.id if about else None, "thing": on.__tablename__, "thing_id": on.id}
    who = {"person_id": by.person_id, "role": str(by.role), "organisation_id": by.organisation_id}
    db.session.execute(_AUDITED, {"at": now, **what, **who})
    teller = _tellers.get(event)
    in_order = sorted(teller(on, by, about) if teller else (), key=lambda told: told.person_id)
    rows = [_outbox_row(told, what, after or now, by=by) for told in in_order]
    if rows:
        db.session.execute(_TO_BE_TOLD, rows)
        if not after or after <= now:
            mark_due()


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


def _outbox_row(told: Told, what: dict[str, Any], at: datetime, *, by: By) -> dict[str, Any]:
    """To whoever did it themselves it is nothing new: a mail may go, but it is not counted as unread."""
    is_mail = told.channel is not Channel.APP
    waits = told.channel is Channel.APP_DIGEST
    return {
        **what,
        "made_at": at,
        "person_id": told.person_id,
        "role": told.role,
        "organisation_id": told.organisation_id,
        "channel": told.channel,
        "attempts": 0,
        "next_try_at": clock.next_hour(at, the_figures().digest_hour) if waits else at,
        "last_error": "",
        "done_at": None if is_mail else at,
        "result": "" if is_mail else "in the app",
        "read_at": at if told.person_id == by.person_id else None,
    }
