"""How a sign-in ended, by itself or by somebody (A5); and why somebody was turned away (A4)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol


class End(StrEnum):
    """What ended it, in words."""

    OUT = "signed out"
    ROLE = "the role was ended"
    LEFT = "their access was ended"
    IDLE = "nobody was there any more"
    LIMIT = "it had lasted as long as one may"


TURNED_AWAY = {
    "sign_in.turned_away_no_role": "they have no role here",
    "sign_in.turned_away_inactive": "their access was ended",
    "sign_in.turned_away_link_used": "another account of the sign-in server came with their address; theirs stays bound to the first",
    "sign_in.turned_away_wrong_organisation": "their sign-in names an organisation, or a role there, that the portal does not know",
}
"""By the event, in words."""
LATELY = timedelta(days=30)
"""For so long it is shown who was turned away."""


def event_of(cause: str) -> str:
    """Of a cause of A4, like `no-role`."""
    return f"sign_in.turned_away_{cause.replace('-', '_')}"


class Lasting(Protocol):
    """What is known of how long it lasts."""

    @property
    def last_seen_at(self) -> datetime: ...
    @property
    def idle_minutes(self) -> int: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def role_ended_at(self) -> datetime | None: ...
    @property
    def left_at(self) -> datetime | None: ...


class Ended(NamedTuple):
    at: datetime
    why: End


def ended(row: Lasting, now: datetime) -> Ended | None:
    """Whichever came first; none while it lasts. A role that ends takes its sign-ins with it."""
    idle_until = row.last_seen_at + timedelta(minutes=row.idle_minutes)
    found = [Ended(idle_until, End.IDLE), Ended(row.ends_at, End.LIMIT)]
    if row.left_at:
        found.append(Ended(row.left_at, End.LEFT))
    if row.ended_at:
        is_with_role = row.role_ended_at is not None and row.role_ended_at <= row.ended_at
        found.append(Ended(row.ended_at, End.ROLE if is_with_role else End.OUT))
    first = min(found)
    return first if first.at <= now else None
