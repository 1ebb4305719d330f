"""One case as this person may see it: its header, and its safety notes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from app.cases import policy
from app.cases.clocks import as_known
from app.cases.heading import shown_also
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status
from app.cases.naming import is_left, plays, stands_in
from app.cases.reading import safety_listed
from app.cases.rules import FirstMeeting, StatusWords, engagement_of, status_words
from app.cases.sharing import update_wanted
from app.core import clock
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.people.models import Kind, Organisation, Person, RoleHeld
from app.people.queries import Actor
from app.people.role_requests.queries import name_here
from app.people.shapes import HERE, asked_by, like
from app.students.models import Enrolment, Student
from app.students.privacy.queries import given_on
from app.students.queries import cases_wait_until, is_not_over

School, Service = aliased(Organisation), aliased(Organisation)
Manager, Contact = aliased(CasePerson), aliased(CasePerson)
ManagerPerson, ContactPerson = aliased(Person), aliased(Person)
Noted = aliased(Case)


@dataclass(frozen=True)
class CaseHead:
    """The case header: who, status, owner, contacts, clock; the same on every page of a case."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def id(self) -> int:
        return int(self.row.case_id)

    @cached_property
    def student_name(self) -> str:
        return str(self.row.preferred_name or self.row.legal_name)

    @cached_property
    def words(self) -> StatusWords:
        return status_words(self.row.status, getattr(self.row, "pause_until", None))

    @property
    def is_urgent(self) -> bool:
        """What is closed is urgent no more."""
        return bool(self.row.urgency == 0 and self.row.status is not Status.CLOSED)

    @property
    def age(self) -> int:
        """In years, today."""
        today, born = clock.today(), self.row.born_on
        return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))

    @cached_property
    def meeting(self) -> FirstMeeting:
        """The school-meeting clock, as the service knows it."""
        row = self.row
        return FirstMeeting(row.service_started_on, row.region, row.due_on, row.met_school_on)

    engagement = cached_property(engagement_of)
    """The engagement clock, as the service knows it."""

    @property
    def is_late(self) -> bool:
        return self.meeting.is_late

    @property
    def clock_line(self) -> str:
        """The clock in a line (CASE-8)."""
        return self.meeting.line


def _joined(*columns: Any) -> AnySelect:
    """Cases with student, school, manager and primary contact."""
    return (
        select(*columns)
        .select_from(Case)
        .join(Student, Student.id == Case.student_id)
        .join(School, School.id == Case.school_id)
        .outerjoin(Manager, plays(Manager, Part.MANAGER))
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
    )


LISTED = _joined(
    Case.id.label("case_id"),
    Case.number,
    Case.status,
    Case.close_reason,
    Case.urgency,
    Case.urgent_why,
    Case.service_started_on,
    Case.region,
    Case.due_on,
    Case.met_school_on,
    Case.made_at,
    Student.legal_name,
    Student.preferred_name,
    Student.born_on,
    School.name.label("school_name"),
    ManagerPerson.name.label("manager_name"),
)
_YEAR_LEVEL = (
    select(func.max(Enrolment.year_level))
    .where(Enrolment.student_id == Case.student_id, is_not_over())
    .scalar_subquery()
)
STILL_CONTACT = (Contact.part == Part.PRIMARY_CONTACT, Contact.until.is_(None), ~is_left(Contact.organisation_id))
_IS_AT_SCHOOL = exists().where(
    RoleHeld.person_id == Contact.person_id,
    RoleHeld.organisation_id == Contact.organisation_id,
    RoleHeld.ended_at.is_(None),
)
"""A number, and that mail comes back, is shown of whoever works there."""
_HEAD = (
    LISTED.outerjoin(Service, Service.id == Case.service_id)
    .outerjoin(Contact, and_(Contact.case_id == Case.id, *STILL_CONTACT))
    .outerjoin(ContactPerson, ContactPerson.id == Contact.person_id)
    .add_columns(
        *(Case.kind, Case.student_id, Case.school_id, Case.service_id, Case.status_at, Case.expected_end_on),
        (Case.expected_end_on < TODAY).label("has_end_passed"),
        *(Case.pause_until, Case.engaged_on, Student.public_id.label("student_public_id")),
        Service.name.label("service_name"),
        Service.phone.label("service_phone"),
        ManagerPerson.id.label("manager_id"),
        ManagerPerson.public_id.label("manager_public_id"),
        ManagerPerson.phone.label("manager_phone"),
        case((Contact.id.is_not(None), name_here(ContactPerson, Contact.organisation_id))).label("contact_name"),
        case((_IS_AT_SCHOOL, ContactPerson.phone)).label("contact_phone"),
        case((_IS_AT_SCHOOL, ContactPerson.mail_failed_at)).label("contact_mail_failed_at"),
        _YEAR_LEVEL.label("year_level"),
        cases_wait_until(Case.student_id).label("new_school_from"),
    )
)


def case_for(actor: Actor, number: str) -> CaseHead | None:
    """One case this person may see, with its header; one statement."""
    row = db.session.execute(_head(like(actor)), asked_by(actor, number=number)).first()
    return CaseHead(row) if row else None


@cache
def _head(actor: Actor) -> AnySelect:
    mine = policy.is_own(actor).label("is_own"), stands_in(actor).label("stands_in")
    given = given_on(Case.student_id, actor.organisation_id).label("statement_given_on")
    head = _HEAD.add_columns(*mine, update_wanted().label("update_wanted_at"), given, *shown_also(actor))
    return as_known(head, actor).where(Case.number == bindparam("number"), policy.visible(actor))


def case_to_change(case_id: int) -> Case:
    """The entity, locked until the end of the transaction, for an action that changes it."""
    found = select(Case).where(Case.id == case_id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def safety_notes_for(actor: Actor, case_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """The safety notes that are true and that this person may know of, by case (SHARE-8), without a fact where they may not read
    it. At a service also those that an earlier case of the student has there, with its number, until they need a review."""
    notes: dict[int, list[AnyRow]] = {}
    for note in db.session.execute(_safety_notes(like(actor)), asked_by(actor, case_ids=case_ids)) if case_ids else ():
        notes.setdefault(note.case_id, []).append(note)
    return notes


@cache
def _safety_notes(actor: Actor) -> AnySelect:
    fact = case((policy.safety_readable(actor, Case.id), SafetyNote.fact)).label("fact")
    note = (SafetyNote.kind, fact, SafetyNote.added_at, SafetyNote.review_by, School.name)
    earlier_number = case((Noted.id != Case.id, Noted.number)).label("earlier_number")
    of_cases = (Case.id.in_(bindparam("case_ids", expanding=True)), or_(Noted.id == Case.id, _is_earlier(actor)))
    return (
        select(Case.id.label("case_id"), *note, (SafetyNote.review_by < TODAY).label("is_past"), earlier_number)
        .join(Noted, Noted.student_id == Case.student_id)
        .join(SafetyNote, SafetyNote.case_id == Noted.id)
        .join(School, School.id == SafetyNote.organisation_id)
        .where(*of_cases, SafetyNote.ended_at.is_(None), safety_listed(actor))
        .order_by(Noted.id.desc(), SafetyNote.id)
    )


def _is_earlier(actor: Actor) -> Any:
    """Of a note: it is in date, on a case that the service that has this one closed before."""
    if actor.organisation_kind is not Kind.SERVICE:
        return false()
    here = (Noted.service_id == HERE, Case.service_id == HERE)
    return and_(*here, Noted.status == Status.CLOSED, Noted.id < Case.id, SafetyNote.review_by >= TODAY)
