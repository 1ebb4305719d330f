"""When things happen: working hours of working days of a region."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from app.calendars.working_days import is_working_day
from app.core import clock

ONE_DAY = timedelta(days=1)
MORNING, NOON, AFTERNOON = (time(8, 30), 120), (time(11), 90), (time(13), 230)
"""From when, and for how many minutes: when requests come in, are given to somebody, and everything else."""
Hours = tuple[time, int]
A_MINUTE = 60_000_000


class Calendar:
    """The working days of a region from one day to another, by number."""

    def __init__(self, region: str, first: date, last: date) -> None:
        length = (last - first).days + 1
        every = (first + number * ONE_DAY for number in range(length))
        self.days = [day for day in every if is_working_day(day, region)]
        self._number = {day: number for number, day in enumerate(self.days)}

    def at_or_before(self, day: date) -> int:
        """The number of that day, or of the last working day before it."""
        while day not in self._number:
            day -= ONE_DAY
        return self._number[day]


@cache
def calendar(region: str, first: date, last: date) -> Calendar:
    return Calendar(region, first, last)


def moment(drawn: Random, day: date, hours: Hours) -> datetime:
    """Some moment of these hours, to the microsecond."""
    begin, minutes = hours
    return opening(day, begin) + timedelta(microseconds=drawn.randrange(minutes * A_MINUTE))


@cache
def opening(day: date, begin: time) -> datetime:
    return datetime.combine(day, begin, tzinfo=clock.PACIFIC_AUCKLAND).astimezone(UTC)


@cache
def midnight(day: date) -> datetime:
    """When New Zealand's day begins."""
    return opening(day, time())
