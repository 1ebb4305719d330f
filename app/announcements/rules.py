"""For whom an announcement stands, and from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.announcements.models import Announcement, KnownIssue
from app.core.clock import begin_of, nz
from app.people.models import Role

LONGEST_TITLE = 120
LONGEST = 4_000
"""Characters of a text."""
LONGEST_TIME = timedelta(days=366)
BAR = "|"
ANNOUNCED, ISSUE_ADDED, ISSUE_CHANGED = "announcement.made", "known_issue.added", "known_issue.changed"


@dataclass(frozen=True)
class Said:
    """What is announced, to whom (no role: to everybody), from the first day to the last, both included."""

    title: str
    body: str
    roles: tuple[Role, ...]
    from_on: date
    until_on: date


def faults(said: Said, today: date) -> dict[str, str]:
    """What is wrong with it, by field; the words name the remedy."""
    if said.until_on < today:
        return {"until_on": "Choose a last day that is not over yet"}
    if said.until_on < said.from_on:
        return {"until_on": "Choose a last day that is not before the first one"}
    if said.until_on - said.from_on > LONGEST_TIME:
        return {"until_on": "Choose a last day within a year of the first one"}
    return {}


def as_text(roles: Iterable[Role]) -> str:
    """As they are kept: between bars, so that one role is never found in the name of another."""
    return "".join(f"{BAR}{role}" for role in roles) + BAR if (roles := tuple(roles)) else ""


def as_roles(text: str) -> tuple[Role, ...]:
    return tuple(Role(word) for word in text.split(BAR) if word)


def begins_at(day: date, now: datetime) -> datetime:
    """The first moment of that day in New Zealand; now where that is past."""
    return max(now, _midnight(day))


def ends_at(day: date) -> datetime:
    """The moment after that day."""
    return _midnight(day + timedelta(days=1))


def last_day(announcement: Announcement) -> date:
    """The one that `ends_at` is the end of."""
    return nz(announcement.until_at - timedelta(microseconds=1)).date()


def _midnight(day: date) -> datetime:
    return begin_of(day).astimezone(UTC)


def texts_of(issue: KnownIssue) -> dict[str, str]:
    """What a known issue says, for the version of a page that changes it."""
    return {"title": issue.title, "body": issue.body, "is_solved": "y" if issue.solved_at else ""}
