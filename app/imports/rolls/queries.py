"""Whom a school's roll named until now, and whose national numbers these are."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from app.core.db import db
from app.imports.rolls.rules import Key, keys_of
from app.students.models import Enrolment, Student
from app.students.queries import student_numbered
from app.students.records.models import FormerStudent

AT_ONCE = 500


@dataclass
class AtSchool:
    """Everybody who is, or was, enrolled at a school, with their newest enrolment there; by what they are known."""

    newest: dict[int, Enrolment] = field(default_factory=dict)
    students: dict[int, Student] = field(default_factory=dict)
    by_local_id: dict[str, Student] = field(default_factory=dict)
    by_key: dict[Key, list[Student]] = field(default_factory=lambda: defaultdict(list))

    def now(self, on: date) -> list[Enrolment]:
        """Those that are not over then."""
        return [each for each in self.newest.values() if each.to_on is None or each.to_on >= on]


def at_school(school_id: int) -> AtSchool:
    """In two statements; nobody else adds anybody there until the end of the transaction."""
    found = AtSchool()
    here = select(Enrolment, Student).join(Student, Student.id == Enrolment.student_id)
    for enrolment, student in db.session.execute(here.where(Enrolment.school_id == school_id).order_by(Enrolment.id)):
        found.newest[student.id] = enrolment
        found.students[student.id] = student
        if enrolment.local_id:
            found.by_local_id[enrolment.local_id] = student
    for student in found.students.values():
        for key in keys_of(student.born_on, (student.legal_name, student.preferred_name)):
            found.by_key[key].append(student)
    return found


def numbered(numbers: Collection[str]) -> dict[str, Student]:
    """Whose national numbers these are, at whichever school; of a record that went into another one, the other."""
    found: dict[str, Student] = {}
    for some in _bites(sorted(numbers)):
        for student in db.session.scalars(select(Student).where(Student.national_number.in_(some))):
            number = student.national_number or ""
            found[number] = (student_numbered(number) or student) if student.merged_into_id else student
    return found


def written_elsewhere(student_ids: Iterable[int], school_id: int) -> set[int]:
    """Of which of these students somebody at another organisation has mended what is recorded."""
    found: set[int] = set()
    for some in _bites(list(student_ids)):
        mended = select(FormerStudent.student_id).where(FormerStudent.student_id.in_(some))
        found.update(db.session.scalars(mended.where(FormerStudent.organisation_id != school_id)))
    return found


def _bites(every: list[Any]) -> Iterable[list[Any]]:
    return (every[begin : begin + AT_ONCE] for begin in range(0, len(every), AT_ONCE))
