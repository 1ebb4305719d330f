"""Days absent, from half-days, and how they are said (ATT-2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.attendance.codes import MarkedTerm

LONGEST = timedelta(days=366)
"""A period that somebody tells absences of."""
LONGEST_SOURCE = 200
"""Characters."""
SATURDAY = 5
ONE_DAY = 2
"""Half-days."""


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
    marked: MarkedTerm | None = None
    """Where the figures are from half-day marks."""

    @property
    def pieces(self) -> Sequence[Week]:
        """Its weeks, each from the first of its days that is counted; where there are none, the whole."""
        weeks = [Week(max(week.from_on, self.from_on), week.half_days) for week in self.weeks]
        return weeks or [Week(self.from_on, self.half_days)]

    @property
    def ends(self) -> Sequence[date]:
        """The last school day of each piece."""
        return [min(week.from_on + timedelta(days=4), self.to_on) for week in self.weeks] or [self.to_on]

    @property
    def days(self) -> str:
        """Days absent: "12½"."""
        return in_days(self.half_days.absent)

    @property
    def days_in_words(self) -> str:
        """Half a day is one of "½ day"."""
        return f"{self.days} day{'s' if not 0 < self.half_days.absent <= ONE_DAY else ''}"


@dataclass(frozen=True)
class Compared:
    """Half-days before a day and since it, as they were told last, or by marks."""

    since: date
    before: HalfDays
    after: HalfDays
    told_on: date
    """Of marks the last day of them."""
    is_marked: bool = False

    @property
    def is_worse(self) -> bool:
        """More days absent of each school week since that day than before it; no difference is too small."""
        return self.after.absent * self.before.open > self.before.absent * self.after.open

    @property
    def in_words(self) -> str:
        """Absent 2½ of 5 days since then, 3 of 15 days before."""
        after, before = self.after, self.before
        return f"absent {_of_days(after)} since then, {_of_days(before)} before"


def compared(told: Sequence[Absences], since: date) -> Compared | None:
    """Of what was told of a school, newest first: what the newest says of the days since, and of those before it, or, where it
    says nothing of them, the last one that does. A week or a statement in which that day lies says nothing of either. None
    where one side is not known."""
    if not told:
        return None
    after = summed([week for week in told[0].pieces if week.from_on >= since])
    before = next((sums for each in told if (sums := _before(each, since)).open), None)
    return Compared(since, before, after, told[0].told_on) if before and after.open else None


def _before(told: Absences, since: date) -> HalfDays:
    return summed([week for week, last in zip(told.pieces, told.ends, strict=True) if last < since])


def _of_days(half_days: HalfDays) -> str:
    return f"{in_days(half_days.absent)} of {in_days(half_days.open)} days"


def in_days(half_days: int) -> str:
    """ATT-2: half-days ÷ 2."""
    whole, half = divmod(half_days, 2)
    return f"{whole or '' if half else whole}{'½' if half else ''}"


def summed(weeks: Sequence[Week]) -> HalfDays:
    return sum((week.half_days for week in weeks), HalfDays(0, 0, 0))


def mondays(from_on: date, to_on: date) -> list[date]:
    """Of each week of the period, however little of it lies within."""
    if to_on < from_on:
        return []
    first = from_on - timedelta(days=from_on.weekday())
    return [first + timedelta(weeks=number) for number in range((to_on - first).days // 7 + 1)]


def most_open(from_on: date, to_on: date) -> int:
    """Half-days that a school can have been open: two for each day from Monday to Friday."""
    days = (from_on + timedelta(days=number) for number in range((to_on - from_on).days + 1))
    return 2 * sum(day.weekday() < SATURDAY for day in days)


def fault_of(told: Absences, today: date) -> dict[str, str]:
    """What is wrong with a statement: field → words."""
    found = _fault_of_days(told, today)
    if not found:
        most = most_open(told.from_on, told.to_on)
        if told.half_days.open > most:
            found["half_days_open"] = f"The period has {most} half-days, weekends not counted"
        elif told.half_days.absent > told.half_days.open:
            found["half_days_open"] = "More half-days absent than the school was open"
        if told.weeks and summed(told.weeks) != told.half_days:
            found["weeks"] = "The weeks do not add up to the sums"
        if fault_of_weeks(told):
            found["weeks"] = "Look at the weeks marked in the table"
    if not told.source.strip():
        found["source"] = "Say who told you, and how"
    elif len(told.source) > LONGEST_SOURCE:
        found["source"] = f"Make this shorter, {LONGEST_SOURCE} characters at most"
    return found


def fault_of_weeks(told: Absences) -> dict[date, str]:
    """What is wrong with one week: its Monday → words."""
    found = {}
    for week in told.weeks:
        first, last = max(week.from_on, told.from_on), min(week.from_on + timedelta(days=6), told.to_on)
        most = most_open(first, last)
        if last < first:
            found[week.from_on] = "This week lies outside the period"
        elif week.half_days.open > most:
            found[week.from_on] = f"Of this week {most} half-days lie in the period, weekends not counted"
        elif week.half_days.absent > week.half_days.open:
            found[week.from_on] = "More half-days absent than the school was open"
    return found


def _fault_of_days(told: Absences, today: date) -> dict[str, str]:
    found = {}
    if told.from_on > told.to_on:
        found["to_on"] = "The period ends before it begins"
    elif told.to_on - told.from_on > LONGEST:
        found["to_on"] = "The period is longer than a year"
    if told.as_of > today:
        found["as_of"] = "This day is still to come"
    elif told.as_of < told.to_on:
        found["as_of"] = "The figures cannot be older than the last day they count"
    if told.told_on > today:
        found["told_on"] = "This day is still to come"
    elif told.told_on < told.as_of:
        found["told_on"] = "Nobody can have told figures of a later day"
    return found
