"""What is reminded of, and which days are due, by the calendar of each region; without asking the database."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from app.calendars.regions import regions
from app.calendars.working_days import due_date
from app.cases.rules import SCHOOL_MEETING, Limits, limits_of
from app.core import clock

UNASSIGNED, QUEUED = "queue.waits", "queue.waits_long"
DUE_TOMORROW, PASSED = "clock.due_tomorrow", "clock.passed"
ENGAGE_TOMORROW, ENGAGE_PASSED = "engagement.due_tomorrow", "engagement.passed"
PLAN_REVIEW, SAFETY_REVIEW = "plan.review_due", "safety.review_due"
TRANSITION_ENDED, OLD_ENOUGH = "transition.end_passed", "student.fifteen_and_a_half"
PAUSE_REVIEW = "pause.review_due"
LISTED: Mapping[str, str] = {
    UNASSIGNED: "unassigned_1_working_day",
    QUEUED: "queued_5_working_days",
    DUE_TOMORROW: "clock_due_tomorrow",
    PASSED: "clock_passed",
    ENGAGE_TOMORROW: "clock_due_tomorrow",
    ENGAGE_PASSED: "clock_passed",
    PLAN_REVIEW: "plan_review_due",
    SAFETY_REVIEW: "safety_review_due",
    PAUSE_REVIEW: "pause_review_due",
    TRANSITION_ENDED: "transition_end_passed",
    OLD_ENOUGH: "fifteen_and_a_half",
}
"""What `notifications.csv` calls each."""
LOOK_BACK = timedelta(days=14)
"""What has been due for longer was due before anybody was told of such things, or while the worker stood still: it stands in
My work, and nobody is sent a heap of it."""
ONE_CLOCK = timedelta(days=6)
"""Longer than any row of days off, and shorter than from the first limit of a clock to the second."""
MONTHS_TO_PLAN = 15 * 12 + 6
"""Of age: planning for sixteen begins (CASE-5)."""
LONGEST_CLOCK = 40
"""Days, weekends and holidays included."""
ONE_DAY = timedelta(days=1)
Starts = Mapping[tuple[date, ...], list[str]]
"""Days on which clocks began, and the regions in which that is so."""


def due_tomorrow(today: date, limits: Limits = SCHOOL_MEETING) -> Starts:
    """Of clocks that have a limit on the next working day."""
    return _starts(today, limits, lambda due, region: due == due_date(today, 1, region))


def passed(today: date, limits: Limits = SCHOOL_MEETING) -> Starts:
    """Of clocks of which a limit has passed lately."""
    return _starts(today, limits, lambda due, region: today - ONE_CLOCK <= due < today)


def old_enough(today: date) -> tuple[date, date]:
    """Born after the first of these days, and not after the second: they came of that age lately."""
    return clock.add_months(today - LOOK_BACK, -MONTHS_TO_PLAN), clock.add_months(today, -MONTHS_TO_PLAN)


def _starts(today: date, limits: Limits, is_so: Callable[[date, str], bool]) -> Starts:
    found: dict[tuple[date, ...], list[str]] = {}
    for region in regions():
        ends = {day: _ends(day, region.code, limits) for day in _lately(today)}
        days = tuple(day for day, dues in ends.items() if any(is_so(due, region.code) for due in dues))
        found.setdefault(days, []).append(region.code)
    return {days: codes for days, codes in found.items() if days}


def _lately(today: date) -> Iterator[date]:
    """No clock that began earlier has a limit about now."""
    return (today - number * ONE_DAY for number in range(LONGEST_CLOCK))


def _ends(started_on: date, region: str, limits: Limits) -> list[date]:
    return [due_date(started_on, days, region) for days in limits_of(started_on, limits)]
