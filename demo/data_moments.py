"""When things happened: working hours of the weeks before the demonstration, and everything in the order of time."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from itertools import pairwise
from random import Random
from unittest.mock import patch

from app.calendars.working_days import is_working_day
from app.core import clock

ONE_DAY = timedelta(days=1)
START, TAKEN_UP, LATER = (time(8, 30), 120), (time(11), 90), (time(13), 230)
"""Hours of the day (from, minutes long) in which a request comes in, is given to somebody, and all else happens."""
Hours = tuple[time, int]
Story = Iterator[datetime]
"""Goes on each time its next moment has come, and then says when the one after is."""


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within it, that is what the clock says."""
    with patch.object(clock, "now", lambda: instant):
        yield


def play(stories: Iterable[Story]) -> None:
    """Each step of each story at its moment; earlier ones first, whichever story they are of."""
    agenda = [(next(story), number, story) for number, story in enumerate(stories)]
    heapify(agenda)
    while agenda:
        moment, number, story = heappop(agenda)
        with at(moment):
            following = next(story, None)
        if following:
            heappush(agenda, (following, number, story))


def moments(chance: Random, *, days_ago: tuple[int, int], region: str, later: int) -> list[datetime]:
    """A request's moment, when it was given to somebody, and so many later ones in the order of time; from so many
    days ago to so many, 1 at least."""
    first, last = (clock.today() - ago * ONE_DAY for ago in days_ago)
    days = _working_days(first, last, region)
    taken_up = min(chance.randint(0, 3), len(days) - 1)
    rest = sorted(_moment(chance, chance.choice(days[taken_up:]), LATER) for _ in range(later))
    return _apart([_moment(chance, days[0], START), _moment(chance, days[taken_up], TAKEN_UP), *rest])


def between(chance: Random, since: datetime, until: datetime, *, region: str, size: int) -> list[datetime]:
    """So many moments on the days between them, in the order of time; fewer where there is no room."""
    days = _working_days(clock.nz(since).date() + ONE_DAY, clock.nz(until).date() - ONE_DAY, region)
    found = sorted(_moment(chance, chance.choice(days), LATER) for _ in range(size if days else 0))
    return [moment for moment in _apart(found) if since < moment < until]


def _working_days(first: date, last: date, region: str) -> list[date]:
    """From the working day at or before `first`, so at least one."""
    while not is_working_day(first, region):
        first -= ONE_DAY
    length = (last - first).days + 1
    return [day for day in (first + n * ONE_DAY for n in range(length)) if is_working_day(day, region)]


def _moment(chance: Random, day: date, hours: Hours) -> datetime:
    begin, minutes = hours
    opening = datetime.combine(day, begin, tzinfo=clock.PACIFIC_AUCKLAND).astimezone(UTC)
    return opening + timedelta(minutes=chance.randrange(minutes))


def _apart(ordered: list[datetime]) -> list[datetime]:
    """The same, with no two at one moment."""
    for n, (earlier, later) in enumerate(pairwise(ordered), 1):
        if later <= earlier:
            ordered[n] = earlier + timedelta(seconds=40)
    return ordered
