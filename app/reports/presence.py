"""How much of school a student was there for, before support was asked for and since."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.attendance.rules import HalfDays

HANDFUL = 5
"""Of fewer cases nothing is summed up: each is shown."""
CHANGES: Mapping[str, tuple[str, Callable[[int], bool]]] = {
    "attendance-up": ("Attendance is higher since", lambda points: points > 0),
    "attendance-same": ("Attendance is the same since", lambda points: points == 0),
    "attendance-down": ("Attendance is lower since", lambda points: points < 0),
}


@dataclass(frozen=True)
class Presence:
    """Half-days of some weeks."""

    weeks: int
    half_days: HalfDays

    @property
    def percent(self) -> int:
        """Of the half-days that the school was open, those the student was there; a half rounds up."""
        return (200 * self.half_days.attended + self.half_days.open) // (2 * self.half_days.open)

    def __add__(self, other: "Presence") -> "Presence":
        return Presence(self.weeks + other.weeks, self.half_days + other.half_days)


@dataclass(frozen=True)
class Change:
    """Weeks that lie wholly before the case started, and weeks that lie wholly after."""

    before: Presence
    after: Presence
    is_marked: bool = False
    """From half-day marks; else as it was told."""

    @property
    def points(self) -> int:
        """Percentage points, of the rates as they are shown."""
        return self.after.percent - self.before.percent

    def __add__(self, other: "Change") -> "Change":
        return Change(self.before + other.before, self.after + other.after, self.is_marked and other.is_marked)


def change(before: Presence, after: Presence, *, is_marked: bool = False) -> Change | None:
    """None where either is not known: no week of it was told, or the school was not open in any."""
    return Change(before, after, is_marked) if before.half_days.open and after.half_days.open else None


def together(changes: Collection[Change]) -> Change | None:
    """All half-days of them; None of so few that it would say something of one student."""
    if len(changes) < HANDFUL:
        return None
    first, *others = changes
    return sum(others, first)
