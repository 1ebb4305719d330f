"""Who may see and do what with a case. A missing answer is a refusal (`permissions.md`)."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from app.cases.entries import Audience, Entry
from app.cases.models import Case, CaseKind, CasePerson, Part, SafetyNote, Status
from app.core import clock
from app.people.models import Kind, Role
from app.people.queries import Actor
from app.students.queries import is_enrolled

CONTACTS = (Part.PRIMARY_CONTACT, Part.SECONDARY_CONTACT)
MANAGERS = (Part.MANAGER, Part.COVER)


class SeenCase(Protocol):
    """What a rule needs to know of a case that was loaded through `visible`."""

    @property
    def status(self) -> Status: ...
    @property
    def is_own(self) -> bool: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: "a case, its student, its shared entries"."""
    match actor.role:
        case Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT:
            return _enrolled_at(actor)
        case Role.PRIMARY_CONTACT:
            return and_(_enrolled_at(actor), is_own(actor))
        case Role.WORKFLOW_LEAD:
            return Case.service_id == actor.organisation_id
        case Role.CASE_MANAGER:
            own = true() if actor.sees_service_cases else is_own(actor)
            return and_(Case.service_id == actor.organisation_id, own)
        case Role.INVESTIGATOR:
            return or_(Case.kind == CaseKind.NEN, Case.status == Status.TRIAGE)
    return false()


def is_own(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: the actor is named on it, in a part that goes with the role."""
    return _named(actor, Case.id)


def listed(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry of a visible case: it may be known to exist. A restricted one to the service only (SHARE-3)."""
    return true() if actor.organisation_kind is Kind.SERVICE else readable(actor)


def readable(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry of a visible case: its text may be read (SHARE-1)."""
    match actor.role:
        case Role.WORKFLOW_LEAD:
            return true()
        case Role.CASE_MANAGER:
            return or_(Entry.audience != Audience.RESTRICTED, _named(actor, Entry.case_id))
        case Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT | Role.PRIMARY_CONTACT:
            return Entry.audience == Audience.SHARED
        case Role.INVESTIGATOR:
            return Entry.audience != Audience.RESTRICTED
    return false()


def safety_readable(actor: Actor) -> ColumnElement[bool]:
    """A clause on SafetyNote of a visible case: the service sees all, a school those it gave (SHARE-8)."""
    if actor.organisation_kind is Kind.SERVICE:
        return true()
    return SafetyNote.organisation_id == actor.organisation_id


def can_see(actor: Actor, case: SeenCase) -> bool:
    """Whoever could load it through `visible` may see it."""
    return True


def can_comment(actor: Actor, case: SeenCase) -> bool:
    """A closed case is not written on, and only those named on a case, and the lead, write for the service."""
    if case.status is Status.CLOSED:
        return actor.organisation_kind is Kind.SERVICE and can_work(actor, case)
    return actor.organisation_kind is Kind.SCHOOL or can_work(actor, case)


def can_work(actor: Actor, case: SeenCase) -> bool:
    """Only the case manager, their cover, and the workflow lead change a case."""
    return actor.role is Role.WORKFLOW_LEAD or (actor.role is Role.CASE_MANAGER and case.is_own)


def can_read_request(actor: Actor, case: SeenCase) -> bool:
    """Caregivers, health and contact details are for the case manager, their cover, and the workflow lead."""
    return can_work(actor, case)


def can_assign(actor: Actor, case: SeenCase) -> bool:
    """Only a workflow lead gives cases to case managers, and only cases that are not closed."""
    return actor.role is Role.WORKFLOW_LEAD and case.status in {Status.QUEUE, Status.OPEN, Status.TRANSITION}


def can_read_log(actor: Actor, case: SeenCase) -> bool:
    """The access log is for the workflow lead, and for the attendance lead the lines of the school's own people."""
    return actor.role in {Role.WORKFLOW_LEAD, Role.ATTENDANCE_LEAD}


def _enrolled_at(actor: Actor) -> ColumnElement[bool]:
    return is_enrolled(actor.organisation_id, Case.student_id, clock.today())


def _named(actor: Actor, case_id: Any) -> ColumnElement[bool]:
    parts = CONTACTS if actor.organisation_kind is Kind.SCHOOL else MANAGERS
    return exists().where(
        CasePerson.case_id == case_id,
        CasePerson.person_id == actor.person_id,
        CasePerson.organisation_id == actor.organisation_id,
        CasePerson.part.in_(parts),
        *in_force(clock.now()),
    )


def in_force(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Clauses on CasePerson: named from a time on and not ended (cover ends by itself)."""
    return CasePerson.since <= now, or_(CasePerson.until.is_(None), CasePerson.until > now)
