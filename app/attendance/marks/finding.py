"""By which numbers a school's students are found in a file of marks."""

from collections.abc import Iterable

from sqlalchemy import func, select

from app.attendance.marks.columns import Column
from app.attendance.marks.whose import Roll
from app.attendance.tallies.rules import Stay, joined
from app.core.db import AnySelect, db
from app.students.models import Enrolment, Student


def roll_of(school_id: int, number: Column) -> Roll:
    """By NSN or by the school's own number; records that went into another are theirs."""
    here = list(db.session.execute(_enrolled(school_id)))
    stays: dict[int, list[Stay]] = {}
    for row in here:
        stays.setdefault(row.student, []).append(Stay(row.from_on, row.to_on))
    if number is Column.LOCAL_ID:
        numbers = [(row.student, row.local_id) for row in here]
    else:
        numbers = [(row.student, row.national_number or "") for row in here]
        numbers += [(row.student, row.national_number) for row in db.session.execute(_went_into(school_id))]
    return Roll({student_id: list(joined(theirs)) for student_id, theirs in stays.items()}, _each_once(numbers))


def _each_once(numbers: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return list(dict.fromkeys(numbers))


def _enrolled(school_id: int) -> AnySelect:
    student = func.coalesce(Student.merged_into_id, Student.id).label("student")
    columns = (student, Enrolment.local_id, Enrolment.from_on, Enrolment.to_on, Student.national_number)
    return select(*columns).join(Student, Student.id == Enrolment.student_id).where(Enrolment.school_id == school_id)


def _went_into(school_id: int) -> AnySelect:
    here = select(Enrolment.student_id).where(Enrolment.school_id == school_id)
    went = (Student.merged_into_id.in_(here), Student.national_number.is_not(None))
    return select(Student.merged_into_id.label("student"), Student.national_number).where(*went)
