"""What follows for a case from lists and calendars, without asking the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

from app.calendars.working_days import WorkingDayClock, due_date, weekday_and_date, working_day_clock
from app.cases.models import Status
from app.core import clock
from app.core.lists import is_valid_on, rows

LISTS = Path(__file__).parent / "lists"
LONGEST_COVER = timedelta(days=366)
Limits = tuple[str, str]
"""The rows of `measures.csv` with the first and the second limit of a contract clock."""
SCHOOL_MEETING: Limits = ("school_meet_5bd", "school_meet_10bd")
ENGAGEMENT: Limits = ("engage_10bd", "engage_15bd")
WORDS = {SCHOOL_MEETING: ("meet the school", "Met on"), ENGAGEMENT: ("meet student and whānau", "Both met by")}
"""What each asks for, and what is said once it is done."""
NEXT_STATUSES = {
    None: {Status.TRIAGE, Status.QUEUE},
    Status.TRIAGE: {Status.QUEUE, Status.CLOSED},
    Status.QUEUE: {Status.OPEN, Status.PAUSED, Status.CLOSED},
    Status.OPEN: {Status.TRANSITION, Status.PAUSED, Status.QUEUE, Status.CLOSED},
    Status.TRANSITION: {Status.OPEN, Status.PAUSED, Status.QUEUE, Status.CLOSED},
    Status.PAUSED: {Status.OPEN, Status.QUEUE},
    Status.CLOSED: {Status.TRIAGE, Status.QUEUE, Status.OPEN},
}


def listed_channel(event: str) -> str:
    """By which way `notifications.csv` has people told of this event."""
    return next(row["channel"] for row in rows(LISTS / "notifications.csv") if row["event"] == event)


@dataclass(frozen=True)
class StatusWords:
    """A status in words, and what the school does now (`lists/statuses.csv`)."""

    label: str
    school_action: str
    meaning: str


@dataclass(frozen=True)
class FirstMeeting:
    """A contract clock of a case (CASE-8): when the school, or student and whānau, are to be met, or were, as far as who asks
    may know."""

    started_on: date
    region: str
    due_on: date
    """The end of the first limit."""
    met_on: date | None
    limits: Limits = SCHOOL_MEETING

    @cached_property
    def clock(self) -> WorkingDayClock:
        """With its arithmetic; as it stood on the day they were met."""
        return contract_clock(self.started_on, self.region, self.met_on or clock.today(), self.limits)

    @property
    def is_late(self) -> bool:
        """The first limit has passed, and they were not met."""
        return self.met_on is None and clock.today() > self.due_on

    @property
    def state(self) -> str:
        """Done once they were met; late once the first limit has passed, near on its last two days."""
        if self.met_on:
            return "done"
        if self.is_late:
            return "late"
        return "near" if self.clock.working_days_left <= 1 else ""

    @property
    def line(self) -> str:
        on, first, limits = self.met_on, self.due_on, self.limits
        return met_line(self.clock, first, on, limits) if on else clock_line(self.clock, first, limits)

    @property
    def day(self) -> str:
        """In a list: "met Tue 3 March", "by Tue 10 March"."""
        if self.met_on:
            return f"met {weekday_and_date(self.met_on)}"
        return f"{'was due' if self.is_late else 'by'} {weekday_and_date(self.due_on)}"


@cache
def status_words(status: Status, until: date | None = None) -> StatusWords:
    """`until`: how long a case is on hold, where that is known."""
    row = next(row for row in rows(LISTS / "statuses.csv") if row["code"] == status)
    said = f" until {until:%-d %B %Y}" if until else ""
    return StatusWords(row["label"], row["school_action"].replace(" until {until}", said), row["meaning"])


def can_become(was: Status | None, becomes: Status) -> bool:
    """CASE-2."""
    return becomes in NEXT_STATUSES[was]


def engagement_of(case: Any) -> FirstMeeting:
    """The engagement clock, as the service knows it: student and a caregiver are to be met, at once or one by one (CASE-8)."""
    start = case.service_started_on, case.region
    return FirstMeeting(*start, first_due(*start, ENGAGEMENT), case.engaged_on, ENGAGEMENT)


def first_due(started_on: date, region: str, limits: Limits = SCHOOL_MEETING) -> date:
    """The end of the first limit of a contract clock (CASE-8)."""
    return due_date(started_on, _limit(limits[0], started_on), region)


@lru_cache(4096)
def contract_clock(started_on: date, region: str, today: date, limits: Limits = SCHOOL_MEETING) -> WorkingDayClock:
    """A contract clock as it stands today. The second limit shows when the first has passed (CASE-8)."""
    first = working_day_clock(started_on, _limit(limits[0], started_on), region, today)
    if not first.is_past:
        return first
    return working_day_clock(started_on, _limit(limits[1], started_on), region, today)


def clock_line(clock: WorkingDayClock, first_due: date, limits: Limits = SCHOOL_MEETING) -> str:
    """A contract clock in a line; once a limit has passed it says so before anything else (CASE-8)."""
    limit, day = _limit(limits[0], clock.started_on), weekday_and_date(first_due)
    if clock.limit == limit:
        return clock.line()
    passed = f"The {limit} working days to {WORDS[limits][0]} ended {day}"
    if clock.is_past:
        return f"{passed}; the {clock.limit} days ended {weekday_and_date(clock.due_on)}"
    now = clock.line()
    return f"{passed}. Now {now[0].lower()}{now[1:]}"


def met_line(clock: WorkingDayClock, first_due: date, met_on: date, limits: Limits) -> str:
    """The clock, as it stood on the day they were met: "Met on Tue 3 March, day 4 of 5" (CASE-8)."""
    day, number = f"{WORDS[limits][1]} {weekday_and_date(met_on)}", clock.number_on(met_on)
    limit = _limit(limits[0], clock.started_on)
    if clock.limit == limit:
        return f"{day}, day {number} of {limit}" if number else f"{day}, before day 1 of {limit}"
    if clock.is_past:
        return f"{day}, {number} working days after the start; the {clock.limit} ended {weekday_and_date(clock.due_on)}"
    return f"{day}, day {number} of {clock.limit}; the first {limit} ended {weekday_and_date(first_due)}"


def reads_until(left_on: date, region: str, days: int) -> datetime:
    """When somebody whose case went to another service reads it no more: at the end of so many working days (REQ-7)."""
    return clock.end_of(due_date(left_on, days, region))


def first_limit(day: date) -> int:
    """How many working days a service has to meet the school."""
    return _limit(SCHOOL_MEETING[0], day)


def limits_of(day: date, limits: Limits) -> tuple[int, ...]:
    """Working days of a contract clock that began that day: its first limit and its second."""
    return tuple(_limit(measure, day) for measure in limits)


@lru_cache(4096)
def _limit(measure: str, day: date) -> int:
    """Working days; a start before the list begins is held to its first row."""
    listed = [row for row in rows(LISTS / "measures.csv") if row["id"] == measure]
    valid = [row for row in listed if is_valid_on(row, day)]
    return int((valid or listed)[0]["limit"])


class Standing(Protocol):
    """Where a case stands, and since when."""

    @property
    def status(self) -> Status: ...
    @property
    def status_at(self) -> datetime: ...


def known_until(case: Standing) -> date | None:
    """The last day of which a service knows days absent: that on which its case was closed; None of any other."""
    return clock.nz(case.status_at).date() if case.status is Status.CLOSED else None


def fault_of_cover(first: date, last: date, today: date) -> str:
    """What is wrong with the days on which somebody is to stand in, or nothing."""
    if last < first:
        return "The last day comes before the first"
    if last < today:
        return "Those days are over already"
    if first - today > LONGEST_COVER:
        return "The first day is more than a year ahead"
    return "Cover lasts a year at most" if last - first > LONGEST_COVER else ""
