"""How a case stands today, and from when to when things happened to it."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.cases.models import Status
from demo.country.chances import chance
from demo.country.days import Calendar, calendar

YEARS = timedelta(days=1095)
LATE = 300
"""Days: most cases began since."""
EARLY_PART = 0.35
AGAIN_AFTER = 0.6
"""A student with a second case has it so far along all cases after the first."""
AGAIN_EVERY, AGAIN_AT = 12, 7
LONGEST_FIRST = 40
"""Working days, of a first case: it is closed long before the second begins."""


@dataclass(frozen=True)
class Fate:
    """`first` and `last` are numbers of working days of the calendar."""

    status: Status
    calendar: Calendar
    first: int
    last: int

    @property
    def asked_on(self) -> date:
        return self.calendar.days[self.first]


class Fates:
    """Of so many cases, as they stand on a day."""

    def __init__(self, seed: int, cases: int, today: date) -> None:
        self._seed, self._cases, self._today = seed, cases, today
        self._again = int(cases * AGAIN_AFTER)

    def earlier(self, number: int) -> int | None:
        """The number of this student's first case, where this is a second one."""
        return number - self._again if number > self._again > 0 and number % AGAIN_EVERY == AGAIN_AT else None

    def has_later(self, number: int) -> bool:
        return number + self._again <= self._cases and self.earlier(number + self._again) == number

    def fate(self, number: int, region: str, *, is_served: bool) -> Fate:
        drawn = chance(self._seed, "fate", number)
        days_ago = self._days_ago(number)
        if self.has_later(number):
            status = Status.CLOSED
        else:
            status = _status(drawn, days_ago) if is_served else _unserved(drawn, days_ago)
        days = calendar(region, self._today - YEARS - timedelta(days=30), self._today - timedelta(days=1))
        first = days.at_or_before(self._today - timedelta(days=days_ago))
        last = len(days.days) - 1
        if status is Status.CLOSED:
            last = min(last, first + drawn.randint(15, LONGEST_FIRST if self.has_later(number) else 120))
        return Fate(status, days, first, last)

    def _days_ago(self, number: int) -> int:
        """Evenly over the years at first, then over the last months."""
        part = (number - 0.5) / self._cases
        if part < EARLY_PART:
            return round(YEARS.days - (YEARS.days - LATE) * part / EARLY_PART)
        return max(1, round(LATE * (1 - part) / (1 - EARLY_PART)))


def _status(drawn: Random, days_ago: int) -> Status:
    if drawn.random() < (0.96 if days_ago > LATE else 0.17 if days_ago > LONGEST_FIRST else 0):
        return Status.CLOSED
    if drawn.random() < (1 if days_ago < 3 else 0.5 if days_ago < 45 else 0.01):
        return Status.QUEUE
    later = (0.74, 0.17, 0.09) if days_ago > 20 else (1, 0, 0)
    return drawn.choices((Status.OPEN, Status.TRANSITION, Status.PAUSED), weights=later)[0]


def _unserved(drawn: Random, days_ago: int) -> Status:
    return Status.CLOSED if days_ago > LATE and drawn.random() < 0.9 else Status.TRIAGE
