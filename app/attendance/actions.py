"""What is told of absences, and of a last day at school, is kept, for good."""

from typing import Protocol

from sqlalchemy import insert

from app.attendance import presence
from app.attendance.models import AbsenceStatement, AbsenceWeek, LastAttendance
from app.attendance.presence import LastDay
from app.attendance.rules import Absences, fault_of
from app.core import clock, events
from app.core.db import db
from app.core.errors import refuse_faulty
from app.core.text import nfc


class OfCase(Protocol):
    """The case that it is told for; at a school there may be none."""

    @property
    def id(self) -> int | None: ...
    @property
    def student_id(self) -> int: ...
    @property
    def school_id(self) -> int: ...


def state_absences(case: OfCase, told: Absences, *, by: events.By, school_id: int | None = None) -> AbsenceStatement:
    """It takes the place of what was told before of that school, which stays; the school is the one that acts for the case,
    or, where another one speaks for itself, that one."""
    refuse_faulty(*fault_of(told, clock.today()).values())
    statement = AbsenceStatement(
        student_id=case.student_id,
        school_id=school_id or case.school_id,
        from_on=told.from_on,
        to_on=told.to_on,
        as_of=told.as_of,
        half_days_open=told.half_days.open,
        half_days_explained=told.half_days.explained,
        half_days_unexplained=told.half_days.unexplained,
        source=nfc(told.source),
        told_on=told.told_on,
        recorded_by_id=by.person_id,
        organisation_id=by.organisation_id,
        recorded_at=clock.now(),
    )
    db.session.add(statement)
    db.session.flush()
    _keep_weeks(statement, told)
    events.record("absences.stated", by=by, on=statement, about=case)
    return statement


def state_last_day(case: OfCase, told: LastDay, *, by: events.By) -> LastAttendance:
    """It takes the place of what was told before, which stays; at the school of the case, which is the last one known."""
    refuse_faulty(*presence.fault_of(told, clock.today()).values())
    statement = LastAttendance(
        student_id=case.student_id,
        school_id=case.school_id,
        last_on=told.on,
        source=nfc(told.source),
        told_on=told.told_on,
        recorded_by_id=by.person_id,
        organisation_id=by.organisation_id,
        recorded_at=clock.now(),
    )
    db.session.add(statement)
    db.session.flush()
    events.record("last_day.stated", by=by, on=statement, about=case)
    return statement


def _keep_weeks(statement: AbsenceStatement, told: Absences) -> None:
    weeks = [
        {
            "statement_id": statement.id,
            "from_on": week.from_on,
            "half_days_open": week.half_days.open,
            "half_days_explained": week.half_days.explained,
            "half_days_unexplained": week.half_days.unexplained,
        }
        for week in told.weeks
    ]
    if weeks:
        db.session.execute(insert(AbsenceWeek), weeks)
