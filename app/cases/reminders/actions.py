"""At most once an hour the worker looks what is due, and tells of it in portions (`core.noticing`)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Select

from app.cases.files.tells import Itself
from app.cases.models import Case, SafetyNote, Status
from app.cases.plans.models import Plan
from app.cases.reminders import queries, tells  # noqa: F401  (registers whom these events tell)
from app.cases.reminders.rules import (
    DUE_TOMORROW,
    ENGAGE_PASSED,
    ENGAGE_TOMORROW,
    OLD_ENOUGH,
    PASSED,
    PAUSE_REVIEW,
    PLAN_REVIEW,
    QUEUED,
    SAFETY_REVIEW,
    TRANSITION_ENDED,
    UNASSIGNED,
    due_tomorrow,
    passed,
)
from app.cases.rules import ENGAGEMENT, SCHOOL_MEETING
from app.core import clock, events
from app.core.db import db
from app.core.figures import the_figures
from app.core.jobs import is_due_again
from app.core.noticing import look_then_tell

EVERY = timedelta(hours=1)
PART = "reminders of what is due"
CLOCKS = (
    (SCHOOL_MEETING, Case.met_school_on, DUE_TOMORROW, PASSED),
    (ENGAGEMENT, Case.engaged_on, ENGAGE_TOMORROW, ENGAGE_PASSED),
)
"""The limits of each, the day on which it stopped, and what tells of it."""


def remind_of_due_hourly() -> None:
    if is_due_again(PART, EVERY):
        remind_of_due()


def remind_of_due() -> int:
    """Of how many things."""
    return sum(look_then_tell(due, of, _told(event)) for event, of, due in _due())


def _due() -> Iterator[tuple[str, Any, Select[Any]]]:
    """Event, the table of what it is about, and which of its rows are due; each asked when its turn comes."""
    today = clock.today()
    yield UNASSIGNED, Case, queries.in_queue(UNASSIGNED, 1)
    yield QUEUED, Case, queries.in_queue(QUEUED, the_figures().queued_days)
    for limits, stopped_on, tomorrow, since in CLOCKS:
        yield tomorrow, Case, queries.of_clocks(tomorrow, due_tomorrow(today, limits), stopped_on, Status.OPEN)
        yield since, Case, queries.of_clocks(since, passed(today, limits), stopped_on, Status.QUEUE, Status.OPEN)
    yield TRANSITION_ENDED, Case, queries.of_transitions()
    yield PAUSE_REVIEW, Case, queries.of_pauses()
    yield OLD_ENOUGH, Case, queries.of_age()
    yield PLAN_REVIEW, Plan, queries.of_plans()
    yield SAFETY_REVIEW, SafetyNote, queries.of_safety()


def _told(event: str) -> Any:
    def tell(row: Any) -> None:
        case = row if isinstance(row, Case) else db.session.get_one(Case, row.case_id)
        events.record(event, by=Itself(case.service_id or 0), on=row, about=case)

    return tell
