"""What happened, kept for good: one audit row, and one outbox row for each person to be told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, db, mark_due, only_where, word
from app.core.figures import the_figures
from app.core.following import let_follow


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


@dataclass(frozen=True)
class Happened:
    """What happened to what, and about which case; nobody is told before `after`."""

    event: str
    on: Any
    about: Any = None
    after: datetime | None = None


Teller = Callable[[Any, Any, Any], Iterable[Told]]
TellerOfEach = Callable[[Sequence[Happened], Any], Sequence[Iterable[Told]]]
_tellers: dict[str, TellerOfEach] = {}


def tells(event: str) -> Callable[[Teller], Teller]:
    """Register whom an event tells; the function is given the thing, who did it, and the case it is about."""

    def register(teller: Teller) -> Teller:
        _tellers[event] = lambda those, by: [teller(each.on, by, each.about) for each in those]
        return teller

    return register


def tells_of_each(event: str) -> Callable[[TellerOfEach], TellerOfEach]:
    """The same of an event that happens to many cases at once: the function is given all of them, and answers for each in turn."""

    def register(teller: TellerOfEach) -> TellerOfEach:
        _tellers[event] = teller
        return teller

    return register


def record(event: str, *, by: By, on: Any, about: Any = None, after: datetime | None = None) -> None:
    """Write the audit row and the outbox rows, in the caller's transaction. Nobody is told before `after`, and nobody of
    their own act but for what REQ-9 asks (a teller adds that by itself)."""
    record_all(Happened(event, on, about, after), by=by)


def record_all(*happened: Happened, by: By) -> None:
    """Everything that one act was, in its order: the audit rows of all of it, then the outbox rows."""
    now = clock.now()
    who = {"person_id": by.person_id, "role": str(by.role), "organisation_id": by.organisation_id}
    if happened:
        db.session.execute(_AUDITED, [{"at": now, **_what(each), **who} for each in happened])
    rows = [
        _outbox_row(told, _what(each), each.after or now, by=by)
        for each, people in zip(happened, _told_of(happened, by), strict=True)
        for told in people
    ]
    if rows:
        db.session.execute(_TO_BE_TOLD, rows)
    if any(row["made_at"] <= now for row in rows):
        mark_due()
    for each in happened:
        let_follow(each, by=by)


def _what(happened: Happened) -> dict[str, Any]:
    on, about = happened.on, happened.about
    what = {"event": happened.event, "case_id": about.id if about else None}
    return {**what, "thing": on.__tablename__, "thing_id": on.id}


def _told_of(happened: Sequence[Happened], by: By) -> list[list[Told]]:
    """Whom each tells; those of one kind are asked for together."""
    found: list[list[Told]] = [[] for _ in happened]
    for event in dict.fromkeys(each.event for each in happened if each.event in _tellers):
        places = [place for place, each in enumerate(happened) if each.event == event]
        answers = _tellers[event]([happened[place] for place in places], by)
        for place, people in zip(places, answers, strict=True):
            found[place] = sorted(people, key=lambda told: told.person_id)
    return found


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
