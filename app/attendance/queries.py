"""What was told of a student's absences, and of their last day at school: last, and before."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement, AbsenceWeek, LastAttendance
from app.attendance.presence import LastDay, Presence
from app.attendance.rules import Absences, HalfDays, Week
from app.core import clock
from app.core.db import AnyRow, db
from app.people.models import Organisation, Person
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.queries import is_not_over
from app.students.records.queries import is_of

MOST_TOLD, MOST_WEEKS = 50, 53
School, LeftSchool = aliased(Organisation), aliased(Organisation)
ROLL = {EnrolmentSource.ROLL: "The school’s roll", EnrolmentSource.NOTICE: "The school’s notice"}
"""What says by itself when a student was at school for the last time."""

COUNTED = ("half_days_open", "half_days_explained", "half_days_unexplained")


def told_of_school(student_id: int, school_id: int) -> list[Absences]:
    """Everything told of this school, newest first, with weeks; one statement. Who may see it is asked of the case before."""
    weeks = [AbsenceWeek.from_on, *[getattr(AbsenceWeek, name) for name in COUNTED]]
    statement = (
        select(AbsenceStatement, *weeks)
        .outerjoin(AbsenceWeek, AbsenceWeek.statement_id == AbsenceStatement.id)
        .where(is_of(AbsenceStatement.student_id, student_id), AbsenceStatement.school_id == school_id)
        .order_by(AbsenceStatement.id.desc(), AbsenceWeek.from_on)
        .limit(MOST_TOLD * MOST_WEEKS)
    )
    rows = db.session.execute(statement).all()
    return [absences_from(told, list(some)) for told, some in groupby(rows, key=lambda row: row[0])]


def statements_of(student_id: int, *, school_id: int | None = None, until: date | None = None) -> Sequence[AnyRow]:
    """What was told, newest first, without weeks: each with its school, who wrote it down, and for which organisation; of
    one school where that is asked, and until a day. Who may see it is asked of the case before."""
    here = AbsenceStatement.school_id == school_id if school_id else true()
    then = AbsenceStatement.told_on <= until if until else true()
    statement = (
        select(
            AbsenceStatement,
            Person.name.label("recorded_by"),
            Organisation.name.label("organisation_name"),
            School.name.label("school_name"),
        )
        .join(Person, Person.id == AbsenceStatement.recorded_by_id)
        .join(Organisation, Organisation.id == AbsenceStatement.organisation_id)
        .join(School, School.id == AbsenceStatement.school_id)
        .where(is_of(AbsenceStatement.student_id, student_id), here, then)
        .order_by(AbsenceStatement.id.desc())
        .limit(MOST_TOLD)
    )
    return db.session.execute(statement).all()


def presence_of(student_id: int) -> Presence:
    """Is the student on a roll today, when did the last one end, and what was told last? One statement. Who may see it is asked
    of the case before."""
    left = _last_left(student_id)
    newest = select(func.max(LastAttendance.id)).where(is_of(LastAttendance.student_id, student_id))
    statement = (
        select(LastAttendance, School.name.label("told_of"), enrolled_where(student_id).label("enrolled_at"), *left.c)
        .select_from(Student)
        .outerjoin(LastAttendance, LastAttendance.id == newest.scalar_subquery())
        .outerjoin(School, School.id == LastAttendance.school_id)
        .outerjoin(left, true())
        .where(Student.id == student_id)
    )
    return presence_from(db.session.execute(statement).one())


def presence_from(row: AnyRow) -> Presence:
    """Of a row with `enrolled_at`, the enrolment that ended last, and what was told last."""
    told = row.LastAttendance
    return Presence(
        row.enrolled_at or "",
        LastDay(row.to_on, ROLL[row.source], clock.nz(row.as_of).date(), row.left_school, row.left_id)
        if row.to_on
        else None,
        LastDay(told.last_on, told.source, told.told_on, row.told_of or "", told.school_id) if told else None,
    )


def last_days_of(student_id: int) -> Sequence[AnyRow]:
    """What was told of the last day at school, newest first, with who wrote it down. Who may see it is asked of the case before."""
    statement = (
        select(LastAttendance, Person.name.label("recorded_by"), Organisation.name.label("organisation_name"))
        .join(Person, Person.id == LastAttendance.recorded_by_id)
        .join(Organisation, Organisation.id == LastAttendance.organisation_id)
        .where(is_of(LastAttendance.student_id, student_id))
        .order_by(LastAttendance.id.desc())
        .limit(MOST_TOLD)
    )
    return db.session.execute(statement).all()


def _last_left(student_id: int) -> Any:
    """The enrolment that ended last, of those that a school spoke for."""
    ended = (Enrolment.student_id == student_id, Enrolment.to_on < clock.today(), Enrolment.source.in_(ROLL))
    school = (LeftSchool.name.label("left_school"), LeftSchool.id.label("left_id"))
    left = select(Enrolment.to_on, Enrolment.source, Enrolment.as_of, *school)
    left = left.join(LeftSchool, LeftSchool.id == Enrolment.school_id).where(*ended)
    return left.order_by(Enrolment.to_on.desc(), Enrolment.id.desc()).limit(1).subquery()


def enrolled_where(student_id: Any) -> Any:
    there = select(func.min(LeftSchool.name)).join(Enrolment, Enrolment.school_id == LeftSchool.id)
    return there.where(Enrolment.student_id == student_id, is_not_over()).scalar_subquery()


def absences_from(told: AbsenceStatement, found: Sequence[AnyRow]) -> Absences:
    """A statement with the rows of its weeks: each with `from_on` and, behind two other columns, what was counted."""
    return Absences(
        told.from_on,
        told.to_on,
        told.as_of,
        HalfDays(*[getattr(told, name) for name in COUNTED]),
        told.source,
        told.told_on,
        tuple(Week(row.from_on, HalfDays(*row[2:5])) for row in found if row.from_on),
    )
