"""Was the first meeting with the school held in time, and were student and whānau met? Judged for each case and each limit
(CASE-8, MEAS-1, MEAS-2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import Protocol

from app.calendars.working_days import due_date
from app.cases.models import Status
from app.cases.rules import ENGAGEMENT, LISTS, SCHOOL_MEETING
from app.core import clock
from app.core.days import in_words
from app.core.lists import Row, is_valid_on, rows

LEFT = {
    "rejected": "the request was declined",
    "withdrawn_by_school": "the school withdrew the request",
    "duplicate": "it was a duplicate of another case",
    "made_in_error": "it was made in error",
    "not_in_scope": "it was closed before a service had it",
}
"""Close reasons (`close_reasons.csv`) with which a case leaves the population, whenever it closed (`measure_terms.csv`)."""
NO_SERVICE = "no service has it"
IN_SCHOOL = "the in-school provision has it: it has the clock, and no contract"
CLOSED_BEFORE = "it closed before the limit"
UNREACHED = "no contact details of the whānau were current on the day of the limit"
QUARTERS = ("January to March", "April to June", "July to September", "October to December")


class Standing(StrEnum):
    """MEAS-1."""

    ACHIEVED = "achieved"
    MISSED = "missed"
    NOT_RECORDED = "not_recorded"
    NOT_YET_DUE = "not_yet_due"
    EXCLUDED = "excluded"


class Measured(Protocol):
    """What is asked of a case."""

    @property
    def status(self) -> Status: ...
    @property
    def status_at(self) -> datetime: ...
    @property
    def close_reason(self) -> str: ...
    @property
    def service_id(self) -> int | None: ...
    @property
    def is_provision(self) -> bool: ...
    @property
    def service_started_on(self) -> date: ...
    @property
    def region(self) -> str: ...
    @property
    def met_on(self) -> date | None: ...
    @property
    def engaged_on(self) -> date | None: ...
    def is_reached_on(self, day: date) -> bool: ...


@dataclass(frozen=True)
class Judged:
    """How a case stands to one limit."""

    standing: Standing
    due_on: date
    why: str = ""
    """Why it is not counted."""

    @property
    def quarter(self) -> str:
        """In which its limit falls (MEAS-4): "2026-Q2"."""
        return _quarter(self.due_on)


@dataclass(frozen=True)
class Limit:
    """Of a clock that began on a day in a region: many cases have the same."""

    due_on: date
    before: str
    """Why it is not counted, where it fell before the measure began."""


def judged(measure: str, case: Measured, today: date) -> Judged:
    """One case by one limit. A contract clock never pauses (CAL-2); a limit ends with its last day."""
    limit, done_on = _limit(measure, case.service_started_on, case.region), _done_on(measure, case)
    due_on = limit.due_on
    if why := _why_not_counted(case, limit, done_on) or _why_not_reached(measure, case, due_on, today):
        return Judged(Standing.EXCLUDED, due_on, why)
    if done_on:
        return Judged(Standing.ACHIEVED if done_on <= due_on else Standing.MISSED, due_on)
    return Judged(Standing.NOT_RECORDED if today > due_on else Standing.NOT_YET_DUE, due_on)


@cache
def limits() -> Mapping[str, int]:
    """Each limit of the first meeting with the school: its measure, and how many working days."""
    return {measure: int(_row(measure, None)["limit"]) for measure in SCHOOL_MEETING}


@cache
def engagement_limits() -> Mapping[str, int]:
    """The same of meeting student and whānau."""
    return {measure: int(_row(measure, None)["limit"]) for measure in ENGAGEMENT}


def within(measure: str, days: int) -> str:
    """What is measured, in words."""
    return f"{'Student and whānau met' if measure in ENGAGEMENT else 'First meeting'} within {days} working days"


def quarter_in_words(quarter: str) -> str:
    """As in "April to June 2026"."""
    year, number = quarter.split("-Q")
    return f"{QUARTERS[int(number) - 1]} {year}"


def _why_not_counted(case: Measured, limit: Limit, done_on: date | None) -> str:
    is_closed = case.status is Status.CLOSED
    if is_closed and case.close_reason in LEFT:
        return LEFT[case.close_reason]
    if case.service_id is None or case.status is Status.TRIAGE:
        return NO_SERVICE
    if case.is_provision:
        return IN_SCHOOL
    if limit.before:
        return limit.before
    is_before = is_closed and not done_on and clock.nz(case.status_at).date() <= limit.due_on
    return CLOSED_BEFORE if is_before else ""


def _why_not_reached(measure: str, case: Measured, due_on: date, today: date) -> str:
    """MEAS-2: of engagement only those count whose whānau could be reached on that day, or who were met."""
    is_asked = measure in ENGAGEMENT and not case.engaged_on and today > due_on
    return UNREACHED if is_asked and not case.is_reached_on(due_on) else ""


def _done_on(measure: str, case: Measured) -> date | None:
    return case.engaged_on if measure in ENGAGEMENT else case.met_on


@lru_cache(1 << 16)
def _limit(measure: str, started_on: date, region: str) -> Limit:
    due_on = due_date(started_on, int(_row(measure, started_on)["limit"]), region)
    row = _row(measure, due_on)
    return Limit(due_on, "" if is_valid_on(row, due_on) else f"its limit fell before the measure began, {_began(row)}")


@lru_cache(4096)
def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


@lru_cache(4096)
def _row(measure: str, day: date | None) -> Row:
    """As it is valid on the day; else its first, or for no day its last."""
    listed = [row for row in rows(LISTS / "measures.csv") if row["id"] == measure]
    if day is None:
        return listed[-1]
    return next((row for row in listed if is_valid_on(row, day)), listed[0])


def _began(row: Row) -> str:
    return in_words(date.fromisoformat(row["valid_from"]))
