"""What was told last of many students: their absences, each at one school; and their last day at school."""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import and_, case, func, or_, select, union_all
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement, AbsenceWeek, LastAttendance
from app.attendance.presence import Presence
from app.attendance.queries import COUNTED, ROLL, absences_from, enrolled_where, presence_from
from app.attendance.rules import Absences
from app.core import clock
from app.core.db import AnySelect, db
from app.people.models import Organisation
from app.students.models import Enrolment, Student
from app.students.records.models import MergeState, StudentMerge

Left = aliased(Enrolment)
LeftSchool, ToldOf = aliased(Organisation), aliased(Organisation)

AtSchool = tuple[int, int]
"""A student and a school."""
_STUDENT = func.coalesce(StudentMerge.into_id, AbsenceStatement.student_id)
_IS_MERGED = and_(StudentMerge.from_id == AbsenceStatement.student_id, StudentMerge.state == MergeState.CONFIRMED)


def absences_of_each(those: Collection[AtSchool]) -> dict[AtSchool, Absences]:
    """The newest statement of each at that school, with its weeks; one statement. What was told of a school before says nothing of
    another. Who may see it is asked of the cases before."""
    last = _last([student for student, _ in those])
    weeks = (AbsenceWeek.from_on, *(getattr(AbsenceWeek, name) for name in COUNTED))
    statement = (
        select(AbsenceStatement, *weeks, last.c.student)
        .join(last, last.c.id == AbsenceStatement.id)
        .outerjoin(AbsenceWeek, AbsenceWeek.statement_id == AbsenceStatement.id)
        .order_by(AbsenceStatement.id, AbsenceWeek.from_on)
    )
    found = {}
    for told, some in groupby(db.session.execute(statement) if those else (), key=lambda row: row[0]):
        rows = list(some)
        found[rows[0].student, told.school_id] = absences_from(told, rows)
    return {each: absences for each, absences in found.items() if each in set(those)}


def _last(students: list[int]) -> Any:
    """Of each of these, and of the records that went into theirs, at each school."""
    went = select(StudentMerge.from_id).where(StudentMerge.into_id.in_(students))
    whose = AbsenceStatement.student_id
    statement = (
        select(func.max(AbsenceStatement.id).label("id"), _STUDENT.label("student"))
        .outerjoin(StudentMerge, _IS_MERGED)
        .where(or_(whose.in_(students), whose.in_(went)))
    )
    return statement.group_by(_STUDENT, AbsenceStatement.school_id).subquery()


def half_days_since(students: AnySelect, school_id: int, day: date) -> Any:
    """Half-days absent (`half_days`) of each of these students (`student`) at a school since the term began on that day, as they
    were told last; none where what was told says nothing of the term alone (`of_term`). A table to ask, not asked here."""
    told, week = AbsenceStatement, AbsenceWeek
    went = select(StudentMerge.from_id).where(StudentMerge.into_id.in_(students))
    records = union_all(students, went.where(StudentMerge.state == MergeState.CONFIRMED))
    newest = select(func.max(told.id).label("id"), _STUDENT.label("student")).outerjoin(StudentMerge, _IS_MERGED)
    last = newest.where(told.school_id == school_id, told.student_id.in_(records)).group_by(_STUDENT).subquery()
    weeks = select(func.sum(week.half_days_explained + week.half_days_unexplained)).where(week.statement_id == told.id)
    of_weeks = weeks.where(week.from_on >= day - timedelta(days=day.weekday())).correlate(told).scalar_subquery()
    whole = told.half_days_explained + told.half_days_unexplained
    counted = case((told.to_on < day, None), (told.from_on >= day, whole), else_=of_weeks)
    return select(last.c.student, counted.label("half_days")).join(told, told.id == last.c.id).subquery()


def presence_of_each(students: Collection[int]) -> dict[int, Presence]:
    """Of each of these what `presence_of` says of one; one statement. Who may see it is asked of the cases before."""
    theirs = or_(LastAttendance.student_id == Student.id, LastAttendance.student_id.in_(_went_into(Student.id)))
    newest = select(func.max(LastAttendance.id)).where(theirs).correlate(Student).scalar_subquery()
    statement = (
        select(
            Student.id, LastAttendance, ToldOf.name.label("told_of"), enrolled_where(Student.id).label("enrolled_at")
        )
        .add_columns(Left.to_on, Left.source, Left.as_of, LeftSchool.name.label("left_school"))
        .add_columns(LeftSchool.id.label("left_id"))
        .select_from(Student)
        .outerjoin(LastAttendance, LastAttendance.id == newest)
        .outerjoin(ToldOf, ToldOf.id == LastAttendance.school_id)
        .outerjoin(Left, Left.id == _left_last())
        .outerjoin(LeftSchool, LeftSchool.id == Left.school_id)
        .where(Student.id.in_(students))
    )
    return {row.id: presence_from(row) for row in (db.session.execute(statement) if students else ())}


def _went_into(student_id: Any) -> Any:
    merged = (StudentMerge.into_id == student_id, StudentMerge.state == MergeState.CONFIRMED)
    return select(StudentMerge.from_id).where(*merged).correlate(Student)


def _left_last() -> Any:
    """Of a Student the enrolment that ended last, of those that a school spoke for."""
    ended = (Enrolment.student_id == Student.id, Enrolment.to_on < clock.today(), Enrolment.source.in_(ROLL))
    found = select(Enrolment.id).where(*ended).order_by(Enrolment.to_on.desc(), Enrolment.id.desc())
    return found.limit(1).correlate(Student).scalar_subquery()
