"""Days absent, from half-days, and how they are said (ATT-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class HalfDays:
    """Half-days of a period: how many the school was open, and how many of them the student was absent."""

    open: int
    explained: int
    unexplained: int

    @property
    def absent(self) -> int:
        return self.explained + self.unexplained

    @property
    def attended(self) -> int:
        return self.open - self.absent

    def __add__(self, other: "HalfDays") -> "HalfDays":
        return HalfDays(self.open + other.open, self.explained + other.explained, self.unexplained + other.unexplained)


@dataclass(frozen=True)
class Week:
    """The half-days of the week that begins on this Monday."""

    from_on: date
    half_days: HalfDays


@dataclass(frozen=True)
class Absences:
    """What was told: over what period, as of when, by whom (LET-5); week by week where it was told so."""

    from_on: date
    to_on: date
    as_of: date
    half_days: HalfDays
    source: str
    told_on: date
    weeks: Sequence[Week] = ()

    @property
    def days(self) -> str:
        """Days absent in words: "12½"."""
        return in_days(self.half_days.absent)


def in_days(half_days: int) -> str:
    """ATT-2: half-days ÷ 2."""
    whole, half = divmod(half_days, 2)
    return f"{whole or '' if half else whole}{'½' if half else ''}"


def fault_of(told: Absences, today: date) -> dict[str, str]:
    """What is wrong with a statement: field → words."""
    found: dict[str, str] = {}
    if told.from_on > told.to_on:
        found["to_on"] = "The period ends before it begins"
    if told.as_of < told.to_on:
        found["as_of"] = "The figures cannot be older than the last day they count"
    if max(told.as_of, told.told_on) > today:
        found["as_of" if told.as_of > today else "told_on"] = "This day is still to come"
    if told.half_days.absent > told.half_days.open:
        found["half_days_open"] = "More half-days absent than the school was open"
    if told.weeks and sum((week.half_days for week in told.weeks), HalfDays(0, 0, 0)) != told.half_days:
        found["weeks"] = "The weeks do not add up to the sums"
    return found
