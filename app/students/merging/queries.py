"""What is read of a student also in the records that went into theirs (CASE-18)."""

from typing import Any

from sqlalchemy import ColumnElement, literal, select, union_all

from app.students.merging.models import MergeState, StudentMerge


def is_of(column: Any, student_id: int) -> ColumnElement[bool]:
    """A clause for what is never changed, and so stays with the record that it was written of."""
    went = select(StudentMerge.from_id).where(StudentMerge.into_id == student_id)
    found: ColumnElement[bool] = column.in_(
        union_all(select(literal(student_id)), went.where(StudentMerge.state == MergeState.CONFIRMED))
    )
    return found
