"""How the access log is read by people: one look that took several clicks is one line; and what of it is unusual."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.core import clock
from app.core.db import AnyRow
from app.core.hours import beginning

ONE_LOOK = timedelta(minutes=5)
"""Between one opening and the next."""


@dataclass(frozen=True)
class Line:
    """The newest of some openings of one page by one person, when the oldest was, and how many they are."""

    row: AnyRow
    since: Any
    times: int = 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def gathered(rows: Sequence[AnyRow]) -> list[Line]:
    """Newest first, as they come. What changed something is always a line of its own: its name has a full stop."""
    lines: list[Line] = []
    for row in rows:
        if lines and _is_same_look(lines[-1], row):
            lines[-1] = replace(lines[-1], since=row.at, times=lines[-1].times + 1)
        else:
            lines.append(Line(row, row.at))
    return lines


def _is_same_look(line: Line, row: AnyRow) -> bool:
    same = (line.person_id, line.organisation_id, line.role, line.what)
    is_opening = "." not in row.what
    return (
        is_opening
        and same == (row.person_id, row.organisation_id, row.role, row.what)
        and line.since - row.at <= ONE_LOOK
    )


LONGEST_DAYS = 31
"""Looked at together."""
USUAL_DAYS = 7
WORKING_HOURS = range(7, 19)
"""Of a working day, New Zealand time, by the clock: later and at weekends is worth a look, and mostly well."""
TAKEN = ("plan for the whānau", "visit sheet")
"""Pages of the log that are printed."""
TAKEN_BEGIN = "report: "
"""How files that were taken away begin there."""


@dataclass(frozen=True)
class Days:
    """From and to, both included."""

    from_on: date
    to_on: date

    @property
    def begins(self) -> datetime:
        return clock.begin_of(self.from_on)

    @property
    def ends(self) -> datetime:
        return clock.end_of(self.to_on)


EARLIEST = date(2000, 1, 1)
"""Nothing is older than that; a day before it, or after today, is as good as that day itself."""


def days_between(from_on: date | None, to_on: date | None, today: date) -> Days:
    """As somebody wrote them; the last week where they wrote nothing, and a month at most."""
    last = _sensible(to_on or today, today)
    first = _sensible(from_on or last - timedelta(days=USUAL_DAYS - 1), today)
    first, last = min(first, last), max(first, last)
    return Days(max(first, last - timedelta(days=LONGEST_DAYS - 1)), last)


def _sensible(day: date, today: date) -> date:
    return max(EARLIEST, min(day, today))


@dataclass(frozen=True)
class Hour:
    """What one person opened in one hour."""

    row: AnyRow
    began_at: datetime
    is_many: bool
    is_outside: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def unusual_hours(rows: Sequence[AnyRow], *, many: int) -> list[Hour]:
    """In which somebody opened so many cases, or any outside working hours; as they come."""
    found = (_hour(row, many) for row in rows)
    return [hour for hour in found if hour.is_many or hour.is_outside]


def _hour(row: AnyRow, many: int) -> Hour:
    began_at = beginning(row.hour)
    local = clock.nz(began_at)
    is_outside = local.hour not in WORKING_HOURS or local.weekday() >= 5
    return Hour(row, began_at, row.cases >= many, is_outside)
