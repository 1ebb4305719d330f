"""What was recorded of a student is kept before something else takes its place (CASE-17); a number that goes elsewhere."""

from sqlalchemy import func, insert, select

from app.core import clock, events
from app.core.db import db
from app.students.models import Student
from app.students.records.models import FormerStudent

WHEN = {"student_id", "number", "until", "by_id", "organisation_id"}
KEPT = tuple(column.name for column in FormerStudent.__table__.columns if column.name not in WHEN)


def give_number(giver: Student, taker: Student) -> None:
    """A national number is one record's only, at any moment."""
    number, giver.national_number = giver.national_number, None
    db.session.flush()
    taker.national_number = number


def keep_former(student: Student, by: events.By) -> None:
    """Whoever changes it said what comes after it. The student's row is locked, so of two numbers none is the same."""
    last = select(func.coalesce(func.max(FormerStudent.number), 0)).where(FormerStudent.student_id == student.id)
    who = {"by_id": by.person_id, "organisation_id": by.organisation_id}
    values = {"student_id": student.id, "number": last.scalar_subquery() + 1, "until": clock.now(), **who}
    db.session.execute(insert(FormerStudent).values(**values, **{name: getattr(student, name) for name in KEPT}))
