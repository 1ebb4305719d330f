"""Clocks of working days that explain themselves, day by day (CAL-1, CAL-2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate

from app.calendars.public_holidays import holiday_on

ONE_DAY = timedelta(days=1)
WEEKEND = {5: "Saturday", 6: "Sunday"}


@dataclass(frozen=True)
class Day:
    date: date
    number: int | None
    """The how-manieth working day of the clock, None where it does not count."""
    why_not: str = ""

    def __str__(self) -> str:
        return f"{weekday_and_date(self.date)}: {self.why_not or f'day {self.number}'}"


@dataclass(frozen=True)
class WorkingDayClock:
    started_on: date
    due_on: date
    limit: int
    region: str
    today: date

    @property
    def days(self) -> tuple[Day, ...]:
        """Every day after the start, to the due day. What came after it is counted, and nobody reads it day by day."""
        return _days(self.started_on, self.due_on, self.region)

    @property
    def day_number(self) -> int:
        """Working days counted so far, today included."""
        return self.number_on(self.today)

    @property
    def working_days_left(self) -> int:
        """0 on the due day itself, negative after it."""
        return self.limit - self.day_number

    @property
    def is_past(self) -> bool:
        return self.today > self.due_on

    @property
    def not_counted(self) -> tuple[str, ...]:
        """Holidays on the way to the due day; weekends go without saying here."""
        return tuple(day.why_not for day in self.days if day.number is None and day.date.weekday() not in WEEKEND)

    def number_on(self, day: date) -> int:
        """Working days counted when that day was reached: "met on day 3"."""
        return working_days_between(self.started_on, max(day, self.started_on), self.region)

    def line(self) -> str:
        """All of it: "Day 4 of 5, due Mon 9 February; Waitangi Day not counted"."""
        holidays = f"; {_listed(self.not_counted)} not counted" if self.not_counted else ""
        return self.sentence() + holidays

    def sentence(self) -> str:
        """The line without its holidays."""
        due = weekday_and_date(self.due_on)
        if self.is_past:
            return f"Was due {due}, {_late(-self.working_days_left)}"
        if self.today == self.due_on:
            return f"Day {self.limit} of {self.limit}, due today, {due}"
        return f"Day {self.day_number} of {self.limit}, due {due}"


def working_day_clock(start: date, days: int, region: str, today: date) -> WorkingDayClock:
    """CAL-2: due at the end of the last of so many working days after the start."""
    if days < 1:
        raise ValueError("a clock runs for at least one working day")
    return WorkingDayClock(start, due_date(start, days, region), days, region, today)


def due_date(start: date, days: int, region: str) -> date:
    """The end of the last of so many working days after the start."""
    day = start
    while days:
        day += ONE_DAY
        days -= is_working_day(day, region)
    return day


def working_days_between(start: date, end: date, region: str) -> int:
    """Working days after the start up to and including the end; negative if the end is earlier. However many years lie
    between, each is looked at as a whole."""
    if end < start:
        return -working_days_between(end, start, region)
    whole = sum(_so_far(year, region)[-1] for year in range(start.year, end.year))
    return whole + _so_far(end.year, region)[_place(end)] - _so_far(start.year, region)[_place(start)]


def is_working_day(day: date, region: str) -> bool:
    return not why_not_counted(day, region)


def why_not_counted(day: date, region: str) -> str:
    """Saturday, Sunday or the holiday's name; nothing for a working day."""
    return WEEKEND.get(day.weekday()) or holiday_on(day, region)


@lru_cache(1024)
def _days(start: date, due_on: date, region: str) -> tuple[Day, ...]:
    number, days = 0, []
    for day in (start + n * ONE_DAY for n in range(1, (due_on - start).days + 1)):
        why_not = why_not_counted(day, region)
        number += not why_not
        days.append(Day(day, None if why_not else number, why_not))
    return tuple(days)


@cache
def _so_far(year: int, region: str) -> tuple[int, ...]:
    """Working days of a year up to each of its days."""
    new_year = date(year, 1, 1)
    every = (new_year + n * ONE_DAY for n in range((date(year + 1, 1, 1) - new_year).days))
    return tuple(accumulate(int(is_working_day(day, region)) for day in every))


def _place(day: date) -> int:
    return day.timetuple().tm_yday - 1


@lru_cache(4096)
def weekday_and_date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B}"


def _late(working_days: int) -> str:
    if working_days == 0:
        return "no working day since"
    return "1 working day ago" if working_days == 1 else f"{working_days} working days ago"


def _listed(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
