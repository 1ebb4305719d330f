"""What happened, kept for good: one audit row, and one outbox row for each person to be told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ForeignKey, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, db, word


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


class Outbox(Base):
    """One person to be told of one thing. The row is the job: it carries its lease, attempts and result."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
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


def record(event: str, *, by: By, on: Any, about: Any = None) -> None:
    """Write the audit row and the outbox rows, in the caller's transaction. Nobody is told of their own act
    but for what REQ-9 asks (a teller adds that by itself)."""
    now = clock.now()
    what = {"event": event, "case_id": about.id if about else None, "thing": on.__tablename__, "thing_id": on.id}
    who = {"person_id": by.person_id, "role": str(by.role), "organisation_id": by.organisation_id}
    db.session.execute(insert(Audit).values(at=now, **what, **who))
    teller = _tellers.get(event)
    rows = [_outbox_row(told, what, now) for told in (teller(on, by, about) if teller else ())]
    if rows:
        db.session.execute(insert(Outbox), rows)


def _outbox_row(told: Told, what: dict[str, Any], now: datetime) -> dict[str, Any]:
    is_mail = told.channel is Channel.APP_EMAIL
    return {
        **what,
        "made_at": now,
        "person_id": told.person_id,
        "role": told.role,
        "organisation_id": told.organisation_id,
        "channel": told.channel,
        "attempts": 0,
        "next_try_at": now,
        "last_error": "",
        "done_at": None if is_mail else now,
        "result": "" if is_mail else "in the app",
    }
