"""One student who is enrolled nowhere, so that letters on non-enrolment can be walked through: whoever decides that a case is one
of these is not built yet, and so it is said here."""

from datetime import timedelta

from sqlalchemy import select, update

from app.cases.models import Case, CaseKind, Status
from app.core import clock
from app.core.db import db
from app.people.queries import Actor
from app.students.models import Enrolment, EnrolmentSource, Student

ONE_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)


def one_leaves(manager: Actor) -> None:
    """The oldest open case of this case manager, of a student under fifteen, is one of non-enrolment: they left the day before it
    began, and no roll says so, so that the last day at school is asked for and written down before letter 1."""
    young = Student.born_on > clock.today() - 15 * A_YEAR
    theirs = (Case.manager_id == manager.person_id, Case.status == Status.OPEN, Case.urgency == 1, young)
    found = select(Case).join(Student, Student.id == Case.student_id).where(*theirs)
    case = db.session.scalars(found.order_by(Case.service_started_on, Case.id).limit(1)).one()
    case.kind = CaseKind.NEN
    there = (Enrolment.student_id == case.student_id, Enrolment.to_on.is_(None))
    ended = (
        update(Enrolment).where(*there).values(to_on=case.service_started_on - ONE_DAY, source=EnrolmentSource.PERSON)
    )
    db.session.execute(ended)
