"""What a file tells beside what stands: only what is new or other, and the way back (ATT-4)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from app.attendance.codes import NO_MARK
from app.attendance.tallies.rules import first_marked, last_marked
from app.attendance.tallying import A_WEEK, HALVES, MarkedWeek
from app.calendars.school_calendar import Half

A_BITE = 1_000
"""Weeks of one transaction."""
EMPTY = NO_MARK * A_WEEK


class Week(NamedTuple):
    """Ten marks of one student from a Monday on, as a file tells them."""

    student_id: int
    monday: date
    told: str


@dataclass
class Sums:
    """What a file would change."""

    new: int = 0
    changed: int = 0
    same: int = 0
    students: set[int] = field(default_factory=set)
    from_on: date | None = None
    to_on: date | None = None

    def note(self, some: Sequence[Week]) -> None:
        """Whose these are, and from when to when."""
        weeks = [MarkedWeek(week.monday, week.told) for week in some]
        first, last = first_marked(weeks), last_marked(weeks)
        self.students |= {week.student_id for week in some}
        self.from_on = min(filter(None, (self.from_on, first)), default=None)
        self.to_on = max(filter(None, (self.to_on, last)), default=None)


def in_bites(told: Iterable[tuple[str, date, str]]) -> Iterator[list[Week]]:
    """A file's weeks, those of one student after each other."""
    weeks = (Week(int(who), monday, marks) for who, monday, marks in told)
    while some := list(islice(weeks, A_BITE)):
        yield some


def only_new(before: str, told: str) -> str:
    """What it tells that was not there already."""
    pairs = zip(before or EMPTY, told, strict=True)
    return "".join(NO_MARK if now == was else now for was, now in pairs)


@dataclass(frozen=True)
class GoneBack:
    """A week as it was before a change set, but for half-days that something changed since."""

    marks: str
    stayed: int


def gone_back(stands: str, before: str, told: str) -> GoneBack:
    """Carried out again it says the same."""
    each = list(zip(stands or EMPTY, before, told, strict=True))
    return GoneBack(
        "".join(was if now != NO_MARK and is_now == now else is_now for is_now, was, now in each),
        sum(now != NO_MARK and is_now not in {now, was} for is_now, was, now in each),
    )


class HalfDay(NamedTuple):
    """One half-day whose mark becomes another."""

    day: date
    half: Half
    was: str
    becomes: str


def changes_in(monday: date, before: str, told: str) -> Iterator[HalfDay]:
    """Of one week, in order; what had no mark is no change."""
    for place, (was, now) in enumerate(zip(before, told, strict=True)):
        if NO_MARK not in {was, now}:
            yield HalfDay(monday + timedelta(days=place // 2), HALVES[place % 2], was, now)
