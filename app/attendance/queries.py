"""What was told of a student's absences: last, and before."""

from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import func, select, true
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement, AbsenceWeek
from app.attendance.rules import Absences, HalfDays, Week
from app.core.db import AnyRow, db
from app.people.models import Organisation, Person
from app.students.records.queries import is_of

MOST_TOLD, MOST_WEEKS = 50, 53
School = aliased(Organisation)

_COUNTED = ("half_days_open", "half_days_explained", "half_days_unexplained")


def absences_of(student_id: int, school_id: int) -> Absences | None:
    """The newest statement of absences at this school with its weeks, or None; one statement. What was told of a school
    before says nothing of this one. Who may see it is asked of the case before."""
    told = (is_of(AbsenceStatement.student_id, student_id), AbsenceStatement.school_id == school_id)
    last = select(func.max(AbsenceStatement.id)).where(*told).scalar_subquery()
    statement = (
        select(
            AbsenceStatement,
            AbsenceWeek.from_on,
            *[getattr(AbsenceWeek, name) for name in _COUNTED],
        )
        .outerjoin(AbsenceWeek, AbsenceWeek.statement_id == AbsenceStatement.id)
        .where(AbsenceStatement.id == last)
        .order_by(AbsenceWeek.from_on)
    )
    found = db.session.execute(statement).all()
    return _absences(found[0][0], found) if found else None


def told_of_school(student_id: int, school_id: int) -> list[Absences]:
    """Everything told of this school, newest first, with weeks; one statement. Who may see it is asked of the case before."""
    weeks = [AbsenceWeek.from_on, *[getattr(AbsenceWeek, name) for name in _COUNTED]]
    statement = (
        select(AbsenceStatement, *weeks)
        .outerjoin(AbsenceWeek, AbsenceWeek.statement_id == AbsenceStatement.id)
        .where(is_of(AbsenceStatement.student_id, student_id), AbsenceStatement.school_id == school_id)
        .order_by(AbsenceStatement.id.desc(), AbsenceWeek.from_on)
        .limit(MOST_TOLD * MOST_WEEKS)
    )
    rows = db.session.execute(statement).all()
    return [_absences(told, list(some)) for told, some in groupby(rows, key=lambda row: row[0])]


def statements_of(student_id: int, *, school_id: int | None = None) -> Sequence[AnyRow]:
    """What was told, newest first, without weeks: each with its school, who wrote it down, and for which organisation; of
    one school where that is asked. Who may see it is asked of the case before."""
    here = AbsenceStatement.school_id == school_id if school_id else true()
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
        .where(is_of(AbsenceStatement.student_id, student_id), here)
        .order_by(AbsenceStatement.id.desc())
        .limit(MOST_TOLD)
    )
    return db.session.execute(statement).all()


def _absences(told: AbsenceStatement, found: Sequence[AnyRow]) -> Absences:
    return Absences(
        told.from_on,
        told.to_on,
        told.as_of,
        HalfDays(*[getattr(told, name) for name in _COUNTED]),
        told.source,
        told.told_on,
        tuple(Week(row.from_on, HalfDays(*row[2:5])) for row in found if row.from_on),
    )
