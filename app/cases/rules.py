"""What follows for a case from lists and calendars, without asking the database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path

from app.calendars.working_days import WorkingDayClock, due_date, weekday_and_date, working_day_clock
from app.cases.models import Status
from app.core import clock
from app.core.lists import is_valid_on, rows

LISTS = Path(__file__).parent / "lists"
SCHOOL_MEETING = ("school_meet_5bd", "school_meet_10bd")
NEXT_STATUSES = {
    None: {Status.TRIAGE, Status.QUEUE},
    Status.TRIAGE: {Status.QUEUE, Status.CLOSED},
    Status.QUEUE: {Status.OPEN, Status.PAUSED, Status.CLOSED},
    Status.OPEN: {Status.TRANSITION, Status.PAUSED, Status.QUEUE, Status.CLOSED},
    Status.TRANSITION: {Status.OPEN, Status.PAUSED, Status.QUEUE, Status.CLOSED},
    Status.PAUSED: {Status.OPEN, Status.QUEUE},
    Status.CLOSED: {Status.TRIAGE, Status.QUEUE, Status.OPEN},
}


@dataclass(frozen=True)
class StatusWords:
    """A status in words, and what the school does now (`lists/statuses.csv`). Until when a case is on hold is not kept yet:
    nothing is said of it."""

    label: str
    school_action: str
    meaning: str


@cache
def status_words(status: Status) -> StatusWords:
    row = next(row for row in rows(LISTS / "statuses.csv") if row["code"] == status)
    return StatusWords(row["label"], row["school_action"].replace(" until {until}", ""), row["meaning"])


def can_become(was: Status | None, becomes: Status) -> bool:
    """CASE-2."""
    return becomes in NEXT_STATUSES[was]


def first_due(started_on: date, region: str) -> date:
    """The end of the first limit of the school-meeting clock (CASE-8)."""
    return due_date(started_on, _limit(SCHOOL_MEETING[0], started_on), region)


@lru_cache(4096)
def school_meeting_clock(started_on: date, region: str, today: date) -> WorkingDayClock:
    """The school-meeting clock as it stands today. The second limit shows when the first has passed (CASE-8)."""
    first = working_day_clock(started_on, _limit(SCHOOL_MEETING[0], started_on), region, today)
    if not first.is_past:
        return first
    return working_day_clock(started_on, _limit(SCHOOL_MEETING[1], started_on), region, today)


def school_meeting_line(clock: WorkingDayClock, first_due: date) -> str:
    """The school-meeting clock in a line; once a limit has passed it says so before anything else (CASE-8)."""
    limit, day = _limit(SCHOOL_MEETING[0], clock.started_on), weekday_and_date(first_due)
    if clock.limit == limit:
        return clock.line()
    passed = f"The {limit} working days to meet the school ended {day}"
    if clock.is_past:
        return f"{passed}; the {clock.limit} days ended {weekday_and_date(clock.due_on)}"
    now = clock.line()
    return f"{passed}. Now {now[0].lower()}{now[1:]}"


def reads_until(left_on: date, region: str, days: int) -> datetime:
    """When somebody whose case went to another service reads it no more: at the end of so many working days (REQ-7)."""
    after = due_date(left_on, days, region) + timedelta(days=1)
    return datetime.combine(after, time.min, tzinfo=clock.PACIFIC_AUCKLAND)


def first_limit(day: date) -> int:
    """How many working days a service has to meet the school."""
    return _limit(SCHOOL_MEETING[0], day)


@lru_cache(4096)
def _limit(measure: str, day: date) -> int:
    """Working days; a start before the list begins is held to its first row."""
    listed = [row for row in rows(LISTS / "measures.csv") if row["id"] == measure]
    valid = [row for row in listed if is_valid_on(row, day)]
    return int((valid or listed)[0]["limit"])
