"""Which student a line means, and where the case goes."""

from datetime import date

from sqlalchemy import select

from app.cases.models import Case, Status
from app.core.db import db
from app.imports.columns import Faulty
from app.people.models import Catchment, School
from app.students.models import Enrolment, Student
from app.students.queries import student_numbered
from app.students.rules import is_alike


def student_meant(nsn: str, name: str, born_on: date, school_id: int) -> Student | None:
    """By the national number; else by name and date of birth at this school, now or before. Raises `Faulty` where that does not
    go together, or are two."""
    if nsn and (numbered := student_numbered(nsn)):
        if not is_alike(numbered, name, born_on):
            raise Faulty("This national student number goes with another name or date of birth")
        return numbered
    here = select(Student).join(Enrolment, Enrolment.student_id == Student.id)
    there = here.where(Enrolment.school_id == school_id, Student.born_on == born_on, Student.merged_into_id.is_(None))
    alike = {each.id: each for each in db.session.scalars(there) if is_alike(each, name, born_on)}
    if nsn:
        alike = {of: each for of, each in alike.items() if each.national_number is None}
    if len(alike) > 1:
        raise Faulty(
            "Two students of this school are called so and were born that day: say the national student number"
        )
    return next(iter(alike.values()), None)


def has_case(student_id: int) -> bool:
    """One that is not closed."""
    theirs = select(Case.id).where(Case.student_id == student_id, Case.status != Status.CLOSED)
    return db.session.scalar(theirs.limit(1)) is not None


def regions() -> dict[int, str]:
    """By the ids of schools: whose calendar the clocks follow."""
    rows = db.session.execute(
        select(School.organisation_id, Catchment.region).join(Catchment, Catchment.id == School.catchment_id)
    )
    return {row.organisation_id: row.region for row in rows}
