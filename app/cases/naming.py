"""Clauses on who is named on a case, and until when; and at which school it is seen."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, exists, false, or_, select, true

from app.cases.models import Case, CasePerson, Part, Status
from app.core.db import NOW, TODAY
from app.core.figures import office_support_reads
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor
from app.students.models import Enrolment, EnrolmentSource
from app.students.queries import is_enrolled, was_enrolled_by
from app.students.records.queries import was_apart

MANAGERS = (Part.MANAGER, Part.COVER)
OFFICE_READS: Any = bindparam("office_reads", type_=Boolean, callable_=office_support_reads)
"""The setting as it is when the statement is asked, however long ago it was built."""


@dataclass(frozen=True)
class AmongOthers:
    """Somebody named on a case together with other cases: the service's people are told of all of them at once, and of each
    only the school is (CASE-9)."""

    named: CasePerson
    __tablename__ = CasePerson.__tablename__

    @property
    def id(self) -> int:
        return self.named.id


@dataclass(frozen=True)
class Several:
    """Cases on which somebody was named, or is named no more, at one moment: what they are told of all of them. `id`: of the row
    that names them on the first."""

    id: int
    person_id: int
    organisation_id: int
    __tablename__ = CasePerson.__tablename__


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


def plays(named: Any, part: Part, case_id: Any = Case.id) -> ColumnElement[bool]:
    """A clause on CasePerson, or an alias of it: it names who plays a part now that one person plays at a time."""
    return and_(named.case_id == case_id, named.part == part, named.until.is_(None))


def in_force() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Clauses on CasePerson: named from a time on and not ended (cover ends by itself)."""
    return CasePerson.since <= NOW, or_(CasePerson.until.is_(None), CasePerson.until > NOW)


def covered_by(column: Any) -> Any:
    """Of whoever stands in for the case manager of a Case now, at the service that has it; of several the one who does longest."""
    stands_in = (CasePerson.part == Part.COVER, CasePerson.organisation_id == Case.service_id, *in_force())
    statement = select(column).select_from(CasePerson).join(Person, Person.id == CasePerson.person_id)
    found = statement.where(CasePerson.case_id == Case.id, *stands_in)
    return found.order_by(CasePerson.until.desc(), CasePerson.id).limit(1).correlate(Case).scalar_subquery()


def is_seen_at(school_id: Any) -> ColumnElement[bool]:
    """A clause on Case: the student is at this school, which may see it by now; its own it always may (CASE-10)."""
    return is_enrolled(school_id, Case.student_id, or_(shows_cases(), Case.school_id == school_id))


def shows_cases() -> ColumnElement[bool]:
    """A clause on Enrolment: its school sees by it what other schools' cases share. Where nothing but somebody's word says that
    the student is there, not before a day that is written with it."""
    is_told = and_(Enrolment.cases_from.is_(None), Enrolment.source != EnrolmentSource.PERSON)
    has_begun = and_(Enrolment.cases_from.is_not(None), Enrolment.cases_from <= TODAY)  # never NULL: it is also negated
    return or_(is_told, has_begun)


def was_theirs(school_id: Any) -> ColumnElement[bool]:
    """A clause on Case: what had closed before the student came, or before two records of theirs became one, is for the
    school that had it then (CASE-10). Who records by hand that they came earlier does not see more by it."""
    known_then = or_(Enrolment.source != EnrolmentSource.PERSON, Enrolment.as_of <= Case.status_at)
    came_before = was_enrolled_by(school_id, Case.student_id, Case.status_at, ~was_apart(Case), known_then)
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


def reads_roll(actor: Actor) -> ColumnElement[bool]:
    """Every case of the school's students is the actor's to read, named on it or not: an attendance lead's, and office support's
    where that is so set, or where the school has no lead."""
    if actor.role is Role.OFFICE_SUPPORT:
        return or_(OFFICE_READS, stands_in(actor))
    return true() if actor.role is Role.ATTENDANCE_LEAD else false()
