"""Cases as this person may see them: one, many, and the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_
from sqlalchemy.orm import aliased

from app.calendars.working_days import WorkingDayClock
from app.cases import policy
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status
from app.cases.rules import StatusWords, school_meeting_clock, school_meeting_line, status_words
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.students.models import Enrolment, Student

PAGE = 25
School = aliased(Organisation)
Service = aliased(Organisation)
Manager = aliased(CasePerson)
Contact = aliased(CasePerson)
ManagerPerson = aliased(Person)
ContactPerson = aliased(Person)


@dataclass(frozen=True)
class CaseHead:
    """The case header: who, status, owner, contacts, clock; the same on every page of a case."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def id(self) -> int:
        return int(self.row.case_id)

    @property
    def student_name(self) -> str:
        return str(self.row.preferred_name or self.row.legal_name)

    @property
    def words(self) -> StatusWords:
        return status_words(self.row.status)

    @property
    def is_urgent(self) -> bool:
        return bool(self.row.urgency == 0)

    @property
    def age(self) -> int:
        """In years, today."""
        today, born = clock.today(), self.row.born_on
        return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))

    @property
    def clock(self) -> WorkingDayClock:
        """The school-meeting clock, with its arithmetic."""
        return school_meeting_clock(self.row.service_started_on, self.row.region, clock.today())

    @property
    def is_late(self) -> bool:
        """The first limit has passed."""
        return bool(clock.today() > self.row.due_on)

    @property
    def clock_line(self) -> str:
        """The clock in a line (CASE-8)."""
        return school_meeting_line(self.clock, self.row.due_on)


def _joined(*columns: Any) -> AnySelect:
    """Cases with student, school, manager and primary contact."""
    return (
        select(*columns)
        .select_from(Case)
        .join(Student, Student.id == Case.student_id)
        .join(School, School.id == Case.school_id)
        .outerjoin(Manager, and_(Manager.case_id == Case.id, Manager.part == Part.MANAGER, Manager.until.is_(None)))
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
    )


_LISTED = _joined(
    Case.id.label("case_id"),
    Case.number,
    Case.status,
    Case.urgency,
    Case.urgent_why,
    Case.service_started_on,
    Case.region,
    Case.due_on,
    Case.made_at,
    Student.legal_name,
    Student.preferred_name,
    Student.born_on,
    School.name.label("school_name"),
    ManagerPerson.name.label("manager_name"),
)
_YEAR_LEVEL = (
    select(func.max(Enrolment.year_level))
    .where(Enrolment.student_id == Case.student_id, Enrolment.to_on.is_(None))
    .scalar_subquery()
)
_HEAD = (
    _LISTED.outerjoin(Service, Service.id == Case.service_id)
    .outerjoin(Contact, and_(Contact.case_id == Case.id, Contact.part == Part.PRIMARY_CONTACT, Contact.until.is_(None)))
    .outerjoin(ContactPerson, ContactPerson.id == Contact.person_id)
    .add_columns(
        Case.kind,
        Case.student_id,
        Case.school_id,
        Case.service_id,
        Case.status_at,
        Service.name.label("service_name"),
        Service.phone.label("service_phone"),
        ManagerPerson.id.label("manager_id"),
        ManagerPerson.public_id.label("manager_public_id"),
        ManagerPerson.phone.label("manager_phone"),
        ContactPerson.name.label("contact_name"),
        ContactPerson.phone.label("contact_phone"),
        _YEAR_LEVEL.label("year_level"),
    )
)


def case_for(actor: Actor, number: str) -> CaseHead | None:
    """One case this person may see, with its header; one statement."""
    statement = _HEAD.add_columns(policy.is_own(actor).label("is_own"))
    row = db.session.execute(statement.where(Case.number == number, policy.visible(actor))).first()
    return CaseHead(row) if row else None


def case_to_change(case_id: int) -> Case:
    """The entity, locked until the end of the transaction, for an action that changes it."""
    return db.session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one()


def cases_for(actor: Actor, *, statuses: Sequence[Status] = (), after: str = "") -> list[CaseHead]:
    """A page of the cases this person may see, urgent first, then earliest due; `after` is the last one's number."""
    statement = _LISTED.where(policy.visible(actor))
    if statuses:
        statement = statement.where(Case.status.in_(statuses))
    return _page(actor, statement, after)


def my_cases(actor: Actor) -> list[CaseHead]:
    """The cases this person is named on and that are not closed, urgent first, then earliest due."""
    mine = _LISTED.where(policy.visible(actor), policy.is_own(actor), Case.status != Status.CLOSED)
    return _page(actor, mine, "")


def queue_for(actor: Actor, *, after: str = "") -> list[CaseHead]:
    """CASE-9: the queue of the actor's service, urgent first, then earliest due."""
    mine = and_(Case.service_id == actor.organisation_id, Case.status == Status.QUEUE)
    return _page(actor, _LISTED.where(mine, policy.visible(actor)), after)


def counts_for(actor: Actor) -> dict[Status, int]:
    """How many visible cases stand in each status."""
    statement = select(Case.status, func.count()).where(policy.visible(actor)).group_by(Case.status)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def safety_notes_for(actor: Actor, case_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """The safety notes this person may read, by case (SHARE-8); one statement for a whole list."""
    statement = (
        select(
            SafetyNote.case_id, SafetyNote.kind, SafetyNote.fact, SafetyNote.added_at, SafetyNote.review_by, School.name
        )
        .join(School, School.id == SafetyNote.organisation_id)
        .where(SafetyNote.case_id.in_(case_ids), policy.safety_readable(actor))
        .order_by(SafetyNote.id)
    )
    notes: dict[int, list[AnyRow]] = {}
    for note in db.session.execute(statement) if case_ids else ():
        notes.setdefault(note.case_id, []).append(note)
    return notes


def _page(actor: Actor, statement: AnySelect, after: str) -> list[CaseHead]:
    """One page and one row more, so that the page knows whether there are older ones. After a case that this person
    may not see, or that does not exist, comes nothing."""
    order = tuple_(Case.urgency, Case.due_on, Case.id)
    if after:
        last = select(Case.urgency, Case.due_on, Case.id).where(Case.number == after, policy.visible(actor))
        statement = statement.where(_after(order, last))
    statement = statement.order_by(Case.urgency, Case.due_on, Case.id).limit(PAGE + 1)
    return [CaseHead(row) for row in db.session.execute(statement)]


def _after(order: Any, last: AnySelect) -> ColumnElement[bool]:
    comparison: ColumnElement[bool] = order > last.scalar_subquery()
    return comparison
