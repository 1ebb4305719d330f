"""A calendar as RFC 5545 has it, of nothing but kinds, case numbers and times (P17); without asking the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.cases.meetings.rules import label_of
from app.core import clock
from app.core.security import digest

LONGEST_LINE = 75
"""Bytes, without its end."""
END = "\r\n"
LASTS = "PT30M"
"""Nobody says how long a task takes; of no length at all some calendars show nothing."""
ACTION, REVIEW, COVER_BEGINS, COVER_ENDS = "Plan action", "Plan review", "Cover begins", "Cover ends"
DRAFT_ENDS = "Draft of a request ends"
MOST = 500
KEPT_FOR = timedelta(days=60)
"""After its day, while it is not done."""
HEAD = (
    *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waharoa//Calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"),
    *("X-WR-CALNAME:Waharoa", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"),
)


@dataclass(frozen=True)
class Planned:
    """Something with a day, and perhaps a time: what its kind is, of which case."""

    key: str
    """It stays the same as long as the thing is there; what is published is made from it."""
    number: str
    """Of the case; empty where there is none yet."""
    meeting_kind: str
    day: date
    at: time | None
    changed_at: datetime
    said: str = "Task"
    """What it is, where it is no meeting."""

    @property
    def words(self) -> str:
        return f"{label_of(self.meeting_kind) if self.meeting_kind else self.said} {self.number}".strip()


def planned(key: str, day: date, changed_at: datetime, said: str, number: str = "") -> Planned:
    """Something of a whole day that is no meeting."""
    return Planned(key, number, "", day, None, changed_at, said)


def calendar(days: Iterable[Planned], host: str) -> str:
    """All of it, as it is sent."""
    lines = (*HEAD, *(line for each in days for line in _event(each, host)), "END:VCALENDAR")
    return "".join(folded(line) + END for line in lines)


def folded(line: str) -> str:
    """No line is longer than 75 bytes, and none is cut within a character."""
    parts, room = [""], LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            parts.append("")
            room = LONGEST_LINE - 1  # the space that begins it
        parts[-1] += character
        room -= size
    return f"{END} ".join(parts)


def escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _event(planned: Planned, host: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{digest(planned.key)[:32]}@{host}"
    yield f"DTSTAMP:{_instant(planned.changed_at)}"
    yield f"LAST-MODIFIED:{_instant(planned.changed_at)}"
    yield from _when(planned.day, planned.at)
    yield f"SUMMARY:{escaped(planned.words)}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def _when(day: date, at: time | None) -> Iterator[str]:
    """A time is New Zealand's, whatever its clocks say then, and sent as an instant that all calendars know."""
    if at is None:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        yield "TRANSP:TRANSPARENT"
        return
    yield f"DTSTART:{_instant(datetime.combine(day, at, clock.PACIFIC_AUCKLAND))}"
    yield f"DURATION:{LASTS}"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
