"""What is read of a student also in the records that went into theirs, and which of it was whose (CASE-18)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all

from app.students.models import Enrolment, EnrolmentSource
from app.students.records.models import MergedRow, MergeState, StudentMerge

MATCH = "likely_match"
"""Of a MergedRow: which likely match said that the two are one."""


def is_of(column: Any, student_id: int) -> ColumnElement[bool]:
    """A clause for what is never changed, and so stays with the record that it was written of."""
    went = select(StudentMerge.from_id).where(StudentMerge.into_id == student_id)
    found: ColumnElement[bool] = column.in_(
        union_all(select(literal(student_id)), went.where(StudentMerge.state == MergeState.CONFIRMED))
    )
    return found


def are_of(column: Any, student_ids: Collection[int]) -> ColumnElement[bool]:
    """The same of several students."""
    went = select(StudentMerge.from_id).where(StudentMerge.into_id.in_(student_ids))
    return or_(column.in_(student_ids), column.in_(went.where(StudentMerge.state == MergeState.CONFIRMED)))


def first_roll(record_id: Any, student_id: Any) -> Any:
    """The school whose roll a record came with: what stood in it at first is that school’s own, and no other’s that the student
    came to since (CASE-10). `record_id`: of the student’s own record, or of one that went into it, whose enrolments came along."""
    of_roll = (Enrolment.student_id == student_id, Enrolment.source == EnrolmentSource.ROLL)
    is_its_own = _came_with(student_id) == record_id
    return select(Enrolment.school_id).where(*of_roll, is_its_own).order_by(Enrolment.id).limit(1).scalar_subquery()


def was_apart(case: Any) -> ColumnElement[bool]:
    """A clause on Enrolment and a case of the same student: it stood with one record and the case with another until that had
    closed."""
    this = and_(MergedRow.table == case.__tablename__, MergedRow.row_id == case.id)
    here = and_(MergedRow.table == Enrolment.__tablename__, MergedRow.row_id == Enrolment.id)
    went = select(func.count()).where(MergedRow.merge_id == StudentMerge.id, or_(this, here))
    one = went.correlate_except(MergedRow).scalar_subquery() == 1
    since = (StudentMerge.state == MergeState.CONFIRMED, StudentMerge.decided_at >= case.status_at)
    return exists().where(StudentMerge.into_id == case.student_id, *since, one).correlate_except(StudentMerge)


def is_by_match() -> ColumnElement[bool]:
    """A clause on StudentMerge: a likely match was confirmed (REQ-10), as its rows say. That does not come apart again."""
    return exists().where(MergedRow.merge_id == StudentMerge.id, MergedRow.table == MATCH)


def _came_with(student_id: Any) -> Any:
    """On which record an Enrolment stood at first."""
    went = and_(MergedRow.merge_id == StudentMerge.id, MergedRow.table == Enrolment.__tablename__)
    first = select(StudentMerge.from_id).join(MergedRow, and_(went, MergedRow.row_id == Enrolment.id))
    into = (StudentMerge.into_id == student_id, StudentMerge.state == MergeState.CONFIRMED)
    of_it = first.where(*into).order_by(StudentMerge.decided_at).limit(1)
    return func.coalesce(of_it.correlate_except(StudentMerge, MergedRow).scalar_subquery(), student_id)
