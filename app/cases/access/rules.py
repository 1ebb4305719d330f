"""How the access log is read by people: one look that took several clicks is one line; and what of it is unusual."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.calendars.working_days import is_working_day
from app.core import clock
from app.core.db import AnyRow
from app.core.hours import beginning

Pair = tuple[AnyRow, AnyRow]
ONE_HOUR = timedelta(hours=1)
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


def place_of(line: Any) -> str:
    """Of a line of the log, for the address of the page that goes on after it."""
    return f"{line.log}-{line.id}"


def place_at(text: str) -> tuple[int, int] | None:
    """Which log, and which line of it; None for anything else."""
    log, _, line = text.partition("-")
    is_place = log in {"0", "1"} and line.isascii() and line.isdecimal() and len(line) < 10
    return (int(log), int(line)) if is_place else None


LONGEST_DAYS = 31
"""Looked at together."""
USUAL_DAYS = 7
WORKING_HOURS = range(7, 19)
"""Of a working day, New Zealand time, by the clock: later, at weekends and on holidays is worth a look, and mostly well."""
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
    """What one person opened in one hour, whenever that began."""

    row: AnyRow
    began_at: datetime
    cases: int
    is_many: bool
    is_outside: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


def spread_over(rows: Sequence[AnyRow], *, many: int) -> list[Pair]:
    """Of hours by the clock those two that follow each other and hold so many cases of one person together, and neither by
    itself: an hour between them may hold as many."""
    known = {(row.person_id, row.role, beginning(row.hour)): row for row in rows if row.cases < many}
    pairs = ((row, known.get((*who, began_at + ONE_HOUR))) for (*who, began_at), row in known.items())
    return [(row, later) for row, later in pairs if later and row.cases + later.cases >= many]


def unusual_hours(
    rows: Sequence[AnyRow], pairs: Sequence[Pair] = (), openings: Sequence[AnyRow] = (), *, many: int
) -> list[Hour]:
    """In which somebody opened so many cases, or any outside working hours; the newest first."""
    by_clock = (_hour(row, beginning(row.hour), row.cases, many) for row in rows)
    between = (_hour(pair[0], *_busiest(pair, openings), many) for pair in pairs)
    found = [hour for hour in by_clock if hour.is_many or hour.is_outside]
    found.extend(hour for hour in between if hour.is_many)
    return sorted(found, key=lambda hour: hour.began_at, reverse=True)


def _busiest(pair: Pair, openings: Sequence[AnyRow]) -> tuple[datetime, int]:
    """When the hour between the two began that holds most cases, and how many."""
    row, later = pair
    which = {(row.person_id, row.role, hour) for hour in (row.hour, later.hour)}
    theirs = [each for each in openings if (each.person_id, each.role, each.hour) in which]
    begun = ((each.at, theirs[place:]) for place, each in enumerate(theirs))
    held = ((at, len({each.case_id for each in rest if each.at < at + ONE_HOUR})) for at, rest in begun)
    return max(held, key=lambda found: found[1])


def _hour(row: AnyRow, began_at: datetime, cases: int, many: int) -> Hour:
    local = clock.nz(began_at)
    is_outside = local.hour not in WORKING_HOURS or not is_working_day(local.date(), row.region)
    return Hour(row, began_at, cases, cases >= many, is_outside)
