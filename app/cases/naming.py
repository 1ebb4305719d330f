"""Clauses on who is named on a case, and until when; and at which school it is seen."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_

from app.cases.models import Case, CasePerson, Part, Status
from app.core.db import NOW, TODAY
from app.people.models import Role, RoleHeld
from app.people.queries import Actor
from app.students.models import Enrolment
from app.students.queries import is_enrolled, was_enrolled_by

MANAGERS = (Part.MANAGER, Part.COVER)


def is_at_service(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: the actor's service has it."""
    return Case.service_id == actor.organisation_id


def reads_on(actor: Actor, case_id: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    """The actor managed this case until it went to another service, and still reads it for a while (REQ-7)."""
    return is_on(actor, case_id, CasePerson.part == Part.FORMER_MANAGER, *more)


def is_on(actor: Actor, case_id: Any, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The actor is named on this case now, in such a part."""
    return exists().where(
        CasePerson.case_id == case_id,
        CasePerson.person_id == actor.person_id,
        CasePerson.organisation_id == actor.organisation_id,
        *which,
        *in_force(),
    )


def in_force() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Clauses on CasePerson: named from a time on and not ended (cover ends by itself)."""
    return CasePerson.since <= NOW, or_(CasePerson.until.is_(None), CasePerson.until > NOW)


def is_seen_at(school_id: Any) -> ColumnElement[bool]:
    """A clause on Case: the student is at this school, which may see it by now (CASE-10)."""
    begun = or_(Enrolment.cases_from.is_(None), Enrolment.cases_from <= TODAY)
    return is_enrolled(school_id, Case.student_id, begun)


def was_theirs(school_id: Any) -> ColumnElement[bool]:
    """A clause on Case: what had closed before the student came is for the school that had it then (CASE-10)."""
    came_before = was_enrolled_by(school_id, Case.student_id, Case.status_at)
    return or_(Case.status != Status.CLOSED, Case.school_id == school_id, came_before)


def is_left(school_id: Any) -> ColumnElement[bool]:
    """A clause on Case: the student is at another school instead, which sees it; nobody at this one is its contact."""
    return and_(~is_seen_at(school_id), is_seen_at(Enrolment.school_id))


def stands_in(actor: Actor) -> ColumnElement[bool]:
    """Office support does what falls to an attendance lead, where the school has none."""
    if actor.role is not Role.OFFICE_SUPPORT:
        return false()
    lead = (RoleHeld.organisation_id == actor.organisation_id, RoleHeld.role == Role.ATTENDANCE_LEAD)
    return ~exists().where(*lead, RoleHeld.ended_at.is_(None))
