"""Who is at a school already by this name and date of birth; and to which schools a case would be new."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.cases.arrivals.rules import Newcomer
from app.cases.models import Case
from app.core.db import TODAY, db
from app.people.models import Organisation
from app.students.models import Enrolment, Student
from app.students.queries import is_enrolled, is_not_over
from app.students.rules import is_alike


def hold_school(school_id: int) -> None:
    """Until the end of this transaction nobody else adds a student there: of two at once the second finds the first one's."""
    held = select(Organisation.id).where(Organisation.id == school_id).with_for_update(key_share=True)
    db.session.execute(held)


def already_on_roll(school_id: int, told: Newcomer) -> Student | None:
    """The one on the school's roll who is called so and was born that day; not where the two have different numbers."""
    born_then = select(Student).where(Student.born_on == told.born_on, is_enrolled(school_id, Student.id))
    for student in db.session.scalars(born_then.order_by(Student.id)):
        is_other = told.national_number and student.national_number not in {None, told.national_number}
        if is_alike(student, told.legal_name, student.born_on) and not is_other:
            return student
    return None


def arriving_by(case: Case, other_id: int) -> Sequence[Enrolment]:
    """Enrolments of another record, not over, at schools that would see the case by them alone, and at once."""
    sees = or_(Enrolment.cases_from.is_(None), Enrolment.cases_from <= TODAY)
    there = select(Enrolment.school_id).where(Enrolment.student_id == case.student_id, Enrolment.from_on <= TODAY)
    known = {case.school_id, *db.session.scalars(there.where(is_not_over(), sees))}
    of_it = select(Enrolment).where(Enrolment.student_id == other_id, is_not_over(), sees)
    return db.session.scalars(of_it.where(Enrolment.school_id.not_in(known)).order_by(Enrolment.id)).all()
