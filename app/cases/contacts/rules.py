"""Who is to be named, and when cover begins and ends (CASE-3)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock

MISSING = "contact.missed"
CHANGED, REPLACED, ADDED, ENDED, COVERED = (
    "contact.changed",
    "contact.replaced",
    "contact.added",
    "contact.ended",
    "contact.covered",
)
LONGEST_TIMES, LONGEST_PHONE = 160, 40
LONGEST_COVER = timedelta(days=366)


@dataclass(frozen=True)
class Whom:
    """Somebody known, by their id; or whoever has this e-mail address, whom nobody may have met here yet."""

    person_id: int | None = None
    name: str = ""
    """As it was typed."""
    email: str = ""
    phone: str | None = None
    """None where it stays what it is."""


def fault_of_cover(first: date, last: date, today: date) -> str:
    """What is wrong with these days, or nothing."""
    if last < first:
        return "The last day comes before the first"
    if last < today:
        return "Those days are over already"
    return "Cover lasts a year at most" if last - first > LONGEST_COVER else ""


def begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), clock.PACIFIC_AUCKLAND)
