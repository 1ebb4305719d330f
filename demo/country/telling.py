"""Whom what happens to a case tells: the rows that `core.events.record` would have written. Whoever acts is not told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.events import Channel
from demo.country.sheet import Row, Sheet
from demo.country.staff import Member
from demo.people_and_cases import BEFORE

MAIL, APP = Channel.APP_EMAIL.value, Channel.APP.value
Told = tuple[Member, str]
"""Somebody, and how."""


@dataclass
class Happening:
    """What happened to what, by whom, when; `about` is the case."""

    event: str
    at: datetime
    by: Member
    thing: str
    row: Row
    about: Row | None


class Teller:
    """Writes audit and outbox; what was told before some moment has been read."""

    def __init__(self, sheet: Sheet, read_until: datetime) -> None:
        self._sheet, self._read_until = sheet, read_until

    def record(self, what: Happening, told: Iterable[Told] = (), *, after: datetime | None = None) -> list[Row]:
        """The audit row, and the outbox rows, which are given back."""
        same = {"event": what.event, "case_id": what.about, "thing": what.thing, "thing_id": what.row}
        self._sheet.add("audit", what.at, at=what.at, **what.by.who, **same)
        at = after or what.at
        in_order = sorted(told, key=lambda each: each[0].id)
        return [self._tell(what.at, at, member, channel, same) for member, channel in in_order]

    def _tell(self, now: datetime, at: datetime, member: Member, channel: str, what: dict[str, Any]) -> Row:
        return self._sheet.add(
            "outbox",
            now,
            **what,
            **member.who,
            made_at=at,
            channel=channel,
            attempts=0,
            next_try_at=at,
            claimed_until=None,
            last_error="",
            done_at=at,
            result=BEFORE if channel == MAIL else "in the app",
            read_at=self.read_at(at),
        )

    def read_at(self, told_at: datetime) -> datetime | None:
        return told_at if told_at < self._read_until else None
