"""A case waits before a new school sees it, or is shown to it at once (CASE-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import select

from app.cases.arrivals import tells  # noqa: F401  (registers whom these events tell)
from app.cases.arrivals.joining import begins, come_in, show
from app.cases.arrivals.queries import (
    already_on_roll,
    arriving_by,
    hold_school,
)
from app.cases.arrivals.rules import RECORDED, SHOWN, Newcomer, fault_of_newcomer
from app.cases.files.tells import Itself
from app.cases.models import Case, CaseKind, CasePerson, Part, Status
from app.cases.queries import CaseHead, case_to_change
from app.cases.seeing import ARRIVED, SAID_THERE, seen_from
from app.cases.transfers.actions import Wanted, ask, withdraw_transfer
from app.cases.transfers.queries import waiting_transfer
from app.cases.transfers.routing import Routed, services_of, suggested
from app.cases.transfers.rules import BY_ITSELF
from app.core import clock, events
from app.core.db import db
from app.core.errors import refuse_faulty
from app.core.text import nfc
from app.people.models import Organisation, Role
from app.people.queries import Actor, people_with
from app.students.actions import add_student, enrol
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.queries import is_on_roll


@dataclass(frozen=True)
class OnBehalf:
    """Of whoever has the case, what Waharoa does by itself."""

    person_id: int
    organisation_id: int
    role: str = "waharoa"


def enrol_with_case(
    student: Student, school: Organisation, *, from_on: date, year_level: int, tutor: str = "", is_main: bool = True
) -> Enrolment:
    """An enrolment as a roll tells it, of a student who may bring a case along. That school sees the case once so many
    working days have passed, or the case manager, who is told, says that it may; where it has another service, a transfer
    there is asked for by itself (CASE-18)."""
    enrolment = enrol(student, school, from_on=from_on, year_level=year_level, tutor=tutor, is_main=is_main)
    case = _brought_by(student)
    if case and case.school_id != school.id:
        _let_wait(case, enrolment)
        _ask_for_transfer(case, enrolment)
    return enrolment


def _brought_by(student: Student) -> Case | None:
    brought = select(Case).where(Case.student_id == student.id, Case.status != Status.CLOSED)
    return db.session.scalar(brought.with_for_update())


def add_newcomer(told: Newcomer, *, by: Actor) -> Student:
    """A student who is at the actor's school, and whom its roll does not name yet. Who is on it by this name and date of birth
    is that student; so is whoever has the national number, at whichever school (REQ-10). Raises `Refused`."""
    refuse_faulty(*fault_of_newcomer(told, clock.today()).values())
    hold_school(by.organisation_id)
    if there := already_on_roll(by.organisation_id, told):
        return there
    student = add_student(
        legal_name=told.legal_name,
        preferred_name=told.preferred_name,
        born_on=cast("date", told.born_on),
        national_number=told.national_number or None,
    )
    if not is_on_roll(by, student.id):
        _enrol_newcomer(student, told, by)
    return student


def _enrol_newcomer(student: Student, told: Newcomer, by: Actor) -> None:
    """Who says so, and how they know, stands with the enrolment until the roll tells of it too."""
    school = db.session.get_one(Organisation, by.organisation_id)
    from_on, year_level = cast("date", told.enrolled_on), cast("int", told.year_level)
    enrolment = enrol_with_case(student, school, from_on=from_on, year_level=year_level)
    enrolment.source, enrolment.evidence = EnrolmentSource.PERSON, nfc(told.evidence)
    enrolment.recorded_by_id = by.person_id
    db.session.flush()
    events.record(RECORDED, by=by, on=enrolment)
    if enrolment.cases_from and (case := _brought_by(student)):
        events.record(SAID_THERE, by=Itself(case.school_id), on=case, about=case)


def show_to_new_school(head: CaseHead, *, by: events.By) -> bool:
    """What is shared was looked through: the student's new schools see it from now on. False where none waits."""
    waits = (Enrolment.student_id == head.student_id, Enrolment.cases_from > clock.today())
    shown = show(*waits)
    if not shown:
        return False
    come_in(head.case_id, shown)
    events.record(SHOWN, by=by, on=db.session.get_one(Case, head.case_id), about=head)
    return True


def wait_as_after_move(case: Case, other_id: int) -> Sequence[int]:
    """The case's student is to be one with another record: a school that only that one was at sees the case as if the student
    came today, and the case manager is told. Which enrolments wait for that."""
    arriving = arriving_by(case, other_id)
    for enrolment in arriving:
        enrolment.cases_from = seen_from(case, max(enrolment.from_on, clock.today()))
    if arriving:
        _say_arrived(case)
    return [enrolment.id for enrolment in arriving]


def withdraw_with(head: CaseHead, school_id: int) -> None:
    """The student did not come to this school after all: a transfer that was asked for by itself because of that is withdrawn by
    itself, by whoever could withdraw it."""
    case = case_to_change(head.case_id)
    waits, asker = waiting_transfer(case.id), _asker(case)
    if (
        waits
        and asker
        and waits.why == BY_ITSELF
        and waits.to_id in {each.service_id for each in services_of(school_id)}
    ):
        withdraw_transfer(head, by=asker)


def _let_wait(case: Case, enrolment: Enrolment) -> None:
    enrolment.cases_from = seen_from(case, begins(enrolment))
    _say_arrived(case)


def _say_arrived(case: Case) -> None:
    db.session.flush()
    events.record(ARRIVED, by=Itself(case.service_id or case.school_id), on=case, about=case)


def _ask_for_transfer(case: Case, enrolment: Enrolment) -> None:
    """CASE-18: a student with a case of attendance who came into the catchment of another service. Until that accepts it, the
    case stays where it is; its manager, else a lead, can withdraw what was asked for in their place."""
    wanted = _wanted(case, enrolment)
    asker = _asker(case) if wanted else None
    if wanted is None or asker is None or waiting_transfer(case.id):
        return
    said = f"By itself: the student’s new school has another service, so a transfer to {wanted.name} is asked for."
    told_by = Itself(asker.organisation_id)
    ask(case, Wanted(wanted.service_id, BY_ITSELF, said, is_routed=True), by=asker, told_by=told_by)


def _wanted(case: Case, enrolment: Enrolment) -> Routed | None:
    if case.kind is not CaseKind.CA or not case.service_id or not enrolment.is_main:
        return None
    return suggested(services_of(enrolment.school_id), case.service_id)


def _asker(case: Case) -> OnBehalf | None:
    service_id = case.service_id or 0
    managers = select(CasePerson.person_id).where(CasePerson.case_id == case.id, CasePerson.part == Part.MANAGER)
    manager = db.session.scalar(managers.where(CasePerson.until.is_(None)))
    leads = [lead.id for lead in people_with(service_id, Role.WORKFLOW_LEAD)]
    return next((OnBehalf(each, service_id) for each in [manager, *leads] if each), None)
