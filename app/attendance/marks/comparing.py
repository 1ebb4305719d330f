"""What a file tells beside what stands: what is new, other or the same, and the way back (ATT-4)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from app.attendance.codes import NO_MARK
from app.attendance.tallies.rules import first_marked, last_marked
from app.attendance.tallying import A_WEEK, HALVES, MarkedWeek
from app.calendars.school_calendar import Half

A_BITE = 200
"""Weeks that are compared at once."""
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


class Told(NamedTuple):
    """A week of an import that is kept: of which one, since when, ten marks told, and what stood below them."""

    import_id: int
    kept_at: datetime
    told: str
    before: str


class Undone(NamedTuple):
    """A week without what one import told of it, and without it below what was told later."""

    marks: str
    stayed: int
    """Half-days that another import told later: they stand on."""
    later: list[Told]
    """Those below which something else stands now."""


def undone(stands: str, gone: Told, later: Sequence[Told]) -> Undone:
    """`later`: what was kept of the same week after it, in that order. Each half-day goes back to what stood below it; where it
    was told again, that stands on, on top of what stood below the one that goes."""
    marks, stayed, below = list(stands), 0, [list(each.before) for each in later]
    for place, told in enumerate(gone.told):
        above = next((number for number, each in enumerate(later) if each.told[place] != NO_MARK), None)
        if told != NO_MARK and above is None:
            marks[place] = gone.before[place]
        elif told != NO_MARK and above is not None:
            below[above][place] = gone.before[place]
            stayed += 1
    now = [each._replace(before="".join(before)) for each, before in zip(later, below, strict=True)]
    return Undone("".join(marks), stayed, [each for each, was in zip(now, later, strict=True) if each != was])


class HalfDay(NamedTuple):
    """One half-day whose mark becomes another."""

    day: date
    half: Half
    was: str
    becomes: str


def changes_in(monday: date, before: str, told: str) -> Iterator[HalfDay]:
    """Of one week, in order; what had no mark is no change."""
    for place, (was, now) in enumerate(zip(before, told, strict=True)):
        if NO_MARK not in {was, now} and was != now:
            yield HalfDay(monday + timedelta(days=place // 2), HALVES[place % 2], was, now)
