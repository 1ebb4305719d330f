"""A case waits before a new school sees it, or is shown to it at once (CASE-10)."""

from datetime import date, timedelta

from sqlalchemy import select, update

from app.calendars.working_days import due_date
from app.cases.arrivals import tells  # noqa: F401  (registers whom these events tell)
from app.cases.arrivals.rules import ARRIVED, SHOWN
from app.cases.files.tells import Itself
from app.cases.models import Case, Status
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db
from app.core.figures import the_figures
from app.people.models import Organisation
from app.students.actions import enrol
from app.students.models import Enrolment, Student


def enrol_with_case(student: Student, school: Organisation, *, from_on: date, year_level: int) -> Enrolment:
    """An enrolment as a roll tells it, of a student who may bring a case along. That school sees the case once so many
    working days have passed, or the case manager, who is told, says that it may."""
    enrolment = enrol(student, school, from_on=from_on, year_level=year_level)
    brought = select(Case).where(Case.student_id == student.id, Case.status != Status.CLOSED)
    case = db.session.scalar(brought.with_for_update())
    if case and case.school_id != school.id:
        _let_wait(case, enrolment)
    return enrolment


def act_for_school(case: Case, school_id: int) -> None:
    """This school asks for support itself, so the case is its own from now on, and waits no longer for it."""
    case.school_id = school_id
    here = (Enrolment.student_id == case.student_id, Enrolment.school_id == school_id)
    db.session.execute(update(Enrolment).where(*here, Enrolment.cases_from.is_not(None)).values(cases_from=None))


def show_to_new_school(head: CaseHead, *, by: events.By) -> bool:
    """What is shared was looked through: the student's new schools see it from now on. False where none waits."""
    waits = (Enrolment.student_id == head.student_id, Enrolment.cases_from > clock.today())
    shown = db.session.scalars(update(Enrolment).where(*waits).values(cases_from=clock.today()).returning(Enrolment.id))
    if not shown.all():
        return False
    events.record(SHOWN, by=by, on=db.session.get_one(Case, head.case_id), about=head)
    return True


def _let_wait(case: Case, enrolment: Enrolment) -> None:
    begins = max(enrolment.from_on, clock.nz(enrolment.as_of).date())
    seen_from = due_date(begins, the_figures().new_school_waits_days, case.region) + timedelta(days=1)
    enrolment.cases_from = seen_from
    db.session.flush()
    events.record(ARRIVED, by=Itself(case.service_id or case.school_id), on=case, about=case)
