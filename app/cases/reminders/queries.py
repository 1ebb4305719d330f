"""What is due to be reminded of: each once, as the audit has it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.cases.models import Case, SafetyNote, Status
from app.cases.pauses.rules import OTHER
from app.cases.plans.models import Plan
from app.cases.reminders.rules import (
    LOOK_BACK,
    OLD_ENOUGH,
    ONE_CLOCK,
    PAUSE_REVIEW,
    PLAN_REVIEW,
    SAFETY_REVIEW,
    TRANSITION_ENDED,
    Starts,
    old_enough,
)
from app.cases.updates.rules import silent_before
from app.core import clock
from app.core.events import Audit
from app.students.models import Student

WORKED = (Status.OPEN, Status.TRANSITION)
END_EXPECTED = "case.end_expected"
Extended = aliased(Audit)


def in_queue(event: str, days: int) -> Select[Case]:
    """Since the case came into the queue, so many working days have passed."""
    now = clock.now()
    long_enough = [
        and_(Case.region.in_(codes), Case.status_at < instant)
        for instant, codes in silent_before(clock.today(), days).items()
    ]
    waits = (Case.status == Status.QUEUE, Case.status_at > now - 2 * LOOK_BACK, or_(*long_enough))
    return select(Case).where(*waits, ~_was(event, Audit.at >= Case.status_at)).order_by(Case.id)


def of_clocks(event: str, starts: Starts, stopped_on: Any, *statuses: Status) -> Select[Case]:
    """Somebody is to be met, and was not (CASE-8). Each limit of a clock is told of by itself."""
    which = [and_(Case.region.in_(codes), Case.service_started_on.in_(days)) for days, codes in starts.items()]
    not_met = (stopped_on.is_(None), Case.status.in_(statuses), or_(False, *which))
    return select(Case).where(*not_met, ~_was(event, Audit.at > clock.now() - ONE_CLOCK)).order_by(Case.id)


def of_transitions() -> Select[Case]:
    """The end that was expected has passed (CASE-4); set anew, it is told of anew."""
    today = clock.today()
    is_over = (Case.status == Status.TRANSITION, Case.expected_end_on < today)
    since = exists().where(Extended.case_id == Case.id, Extended.event == END_EXPECTED, Extended.at > Audit.at)
    told = _was(TRANSITION_ENDED, Audit.at >= Case.status_at, ~since)
    return select(Case).where(*is_over, Case.expected_end_on >= today - LOOK_BACK, ~told).order_by(Case.id)


def of_pauses() -> Select[Case]:
    """The day has come on which what is on hold is looked at again (CASE-7)."""
    is_due = (*_lately(Case.pause_until), Case.status == Status.PAUSED, Case.pause_reason == OTHER)
    return select(Case).where(*is_due, ~_was(PAUSE_REVIEW, Audit.at >= Case.status_at)).order_by(Case.id)


def of_age() -> Select[Case]:
    """Planning for sixteen begins (CASE-5)."""
    after, not_after = old_enough(clock.today())
    statement = select(Case).join(Student, Student.id == Case.student_id)
    is_so = (Student.born_on > after, Student.born_on <= not_after, Case.status.in_(WORKED))
    return statement.where(*is_so, ~_was(OLD_ENOUGH)).order_by(Case.id)


def of_plans() -> Select[Plan]:
    """The plan in force is to be reviewed (CASE-16)."""
    newer = aliased(Plan)
    newest = select(func.max(newer.number)).where(newer.case_id == Plan.case_id).correlate(Plan).scalar_subquery()
    statement = select(Plan).join(Case, Case.id == Plan.case_id)
    is_due = (*_lately(Plan.review_on), Case.status.in_(WORKED), Plan.number == newest)
    return statement.where(*is_due, ~_was(PLAN_REVIEW, Audit.thing_id == Plan.id)).order_by(Plan.id)


def of_safety() -> Select[SafetyNote]:
    """What was noted for safety is to be looked at again (SHARE-8)."""
    statement = select(SafetyNote).join(Case, Case.id == SafetyNote.case_id)
    is_due = (*_lately(SafetyNote.review_by), SafetyNote.ended_at.is_(None), Case.status.in_((*WORKED, Status.PAUSED)))
    since = func.coalesce(SafetyNote.reviewed_at, SafetyNote.added_at)
    told = _was(SAFETY_REVIEW, Audit.thing_id == SafetyNote.id, Audit.at >= since)
    return statement.where(*is_due, ~told).order_by(SafetyNote.id)


def _lately(day: Any) -> tuple[ColumnElement[bool], ...]:
    today = clock.today()
    return day <= today, day >= today - LOOK_BACK


def _was(event: str, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody was told of this case."""
    return exists().where(Audit.case_id == Case.id, Audit.event == event, *which)
