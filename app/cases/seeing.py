"""A school that somebody's word alone makes a student's waits before it sees a case of another school (CASE-10)."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, true, update

from app.calendars.working_days import due_date
from app.cases.files.tells import Itself
from app.cases.models import Case
from app.core import clock, events
from app.core.db import TODAY, db
from app.core.events import Happened
from app.core.figures import the_figures
from app.students.models import Enrolment, EnrolmentSource
from app.students.queries import is_not_over

ARRIVED, SAID_THERE = "student.arrived", "student.said_elsewhere"


def seen_from(case: Case, begins: date) -> date:
    """From which day on a school sees the case that begins to wait for it on this one."""
    return due_date(begins, the_figures().new_school_waits_days, case.region) + timedelta(days=1)


def let_wait_by_hand(case: Case, *, closed_at: datetime | None = None) -> None:
    """A case begins, or one that had `closed_at` opens again: other schools whose roll does not name the student wait for it from
    today on; where they saw it as it closed, they go on seeing it. The case manager and the case's school are told."""
    by_hand = (
        Enrolment.student_id == case.student_id,
        Enrolment.school_id != case.school_id,
        Enrolment.source == EnrolmentSource.PERSON,
        is_not_over(),
        true() if closed_at is None else _saw_nothing(closed_at),
    )
    waits = update(Enrolment).where(*by_hand).values(cases_from=seen_from(case, clock.today()))
    if db.session.scalars(waits.returning(Enrolment.id)).all():
        said = (Happened(ARRIVED, case, case), Happened(SAID_THERE, case, case))
        events.record_all(*said, by=Itself(case.service_id or case.school_id))


def _saw_nothing(closed_at: datetime) -> ColumnElement[bool]:
    came_later = and_(Enrolment.cases_from <= TODAY, Enrolment.as_of > closed_at)
    return or_(Enrolment.cases_from.is_(None), came_later)
