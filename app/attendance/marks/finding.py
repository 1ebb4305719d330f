"""By which numbers a school's students are found in a file of marks."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import func, select

from app.attendance.marks.columns import Column
from app.attendance.marks.whose import BothRolls, Roll
from app.attendance.tallies.rules import Stay, joined
from app.core.db import AnyRow, AnySelect, db
from app.students.models import Enrolment, Student


def roll_of(school_id: int, columns: Collection[Column]) -> Roll | BothRolls:
    """By NSN, by the school's own number, or by both, as a file has them; records that went into another are theirs."""
    here = list(db.session.execute(_enrolled(school_id)))
    stays: dict[int, list[Stay]] = {}
    for row in here:
        stays.setdefault(row.student, []).append(Stay(row.from_on, row.to_on))
    joint = {student_id: list(joined(theirs)) for student_id, theirs in stays.items()}
    by_own = Roll(joint, _each_once((row.student, row.local_id) for row in here))
    if Column.NSN not in columns:
        return by_own
    by_nsn = Roll(joint, _each_once(_by_nsn(school_id, here)))
    return BothRolls(by_nsn, by_own) if Column.LOCAL_ID in columns else by_nsn


def _by_nsn(school_id: int, here: Sequence[AnyRow]) -> Iterator[tuple[int, str]]:
    yield from ((row.student, row.national_number or "") for row in here)
    yield from ((row.student, row.national_number) for row in db.session.execute(_went_into(school_id)))


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
