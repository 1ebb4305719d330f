"""The contacts of a case, and who can be chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, exists, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.cases.contacts.rules import MISSING
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import is_left
from app.cases.policy import CONTACTS
from app.cases.queries import CaseHead
from app.core.db import NOW, AnyRow, db
from app.core.events import Audit
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.queries import Actor, people_with
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.queries import last_naming, name_here
from app.people.rules import LABELS, ROLES_OF

Held = aliased(RoleHeld)


@dataclass(frozen=True)
class Contacts:
    """Those of now, and cover that is still to come."""

    rows: Sequence[AnyRow]

    @property
    def primary(self) -> AnyRow | None:
        return next((row for row in self.rows if row.part is Part.PRIMARY_CONTACT), None)

    @property
    def others(self) -> list[AnyRow]:
        return [row for row in self.rows if row.part is Part.SECONDARY_CONTACT]

    @property
    def covers(self) -> list[AnyRow]:
        return [row for row in self.rows if row.part is Part.COVER]


def _in_force(organisation_id: Any) -> tuple[Any, ...]:
    return (
        Held.organisation_id == organisation_id,
        Held.role.in_(ROLES_OF[Kind.SCHOOL]),
        Held.ended_at.is_(None),
    )


def has_role(person_id: Any, organisation_id: Any) -> Any:
    """A clause: they hold a role at this school now."""
    return exists().where(Held.person_id == person_id, *_in_force(organisation_id))


_HAS_ROLE = has_role(CasePerson.person_id, CasePerson.organisation_id)
_SHOWN = (
    Person.id,
    Person.public_id,
    name_here(Person, CasePerson.organisation_id).label("name"),
    Person.email,
    case((_HAS_ROLE, Person.phone), else_="").label("phone"),
    CasePerson.part,
    CasePerson.best_times,
    CasePerson.since,
    CasePerson.until,
    _HAS_ROLE.label("has_role"),
    RoleRequest.asked_at,
    RoleRequest.is_given,
)


def contacts_of(head: CaseHead) -> Contacts:
    """The contacts of a case that may be seen, and whether each holds a role at the school by now: until then they are called
    as they were named, and have no phone. When a role was asked for, and whether it was refused."""
    statement = (
        select(*_SHOWN)
        .join(Case, Case.id == CasePerson.case_id)
        .join(Person, Person.id == CasePerson.person_id)
        .outerjoin(RoleRequest, RoleRequest.id == last_naming(CasePerson.person_id, CasePerson.organisation_id))
        .where(
            CasePerson.case_id == head.case_id,
            CasePerson.part.in_(CONTACTS),
            CasePerson.organisation_id != (head.service_id or 0),
            ~is_left(CasePerson.organisation_id),
            or_(CasePerson.until.is_(None), CasePerson.until > NOW),
            or_(CasePerson.since <= NOW, CasePerson.part == Part.COVER),
        )
        .order_by(CasePerson.id)
    )
    return Contacts(db.session.execute(statement).all())


def who_can_be_named(actor: Actor, contacts: Contacts) -> dict[str, tuple[int, str]]:
    """By public id, with their name: everybody with a role at the actor's school; for a service those who are contacts."""
    found = {row.public_id: (row.id, row.name) for row in contacts.rows}
    if actor.organisation_kind is Kind.SCHOOL:
        for person in people_with(actor.organisation_id, *ROLES_OF[Kind.SCHOOL]):
            found.setdefault(person.public_id, (person.id, f"{person.name} ({LABELS[person.role]})"))
    return found


def asked_for_roles(actor: Actor) -> str:
    """Who gives roles at the actor's school, by name; nothing for a service, which learns no names there."""
    if actor.organisation_kind is not Kind.SCHOOL:
        return ""
    return " or ".join(giver.name for giver in people_with(actor.organisation_id, Role.DELEGATED_AUTHORISER))


def left_without_contact() -> Select[CasePerson]:
    """Primary contacts of cases that are not closed, who held a role at the school and hold none any more, or whose school the
    student has left for another that sees the case (CASE-10); of each it was not told yet. Who never had a role is waited for."""
    told = exists().where(Audit.case_id == CasePerson.case_id, Audit.event == MISSING, Audit.thing_id == CasePerson.id)
    ended = (RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL]), RoleHeld.ended_at.is_not(None))
    had = tuple_(CasePerson.person_id, CasePerson.organisation_id).in_(
        select(RoleHeld.person_id, RoleHeld.organisation_id).where(*ended)
    )
    primary = (CasePerson.part == Part.PRIMARY_CONTACT, CasePerson.until.is_(None))
    gone = is_left(CasePerson.organisation_id)
    statement = select(CasePerson).join(Case, Case.id == CasePerson.case_id)
    left = (Case.status != Status.CLOSED, *primary, or_(and_(had, ~_HAS_ROLE), gone), ~told)
    return statement.where(*left).order_by(CasePerson.id)


def had_role(person_id: int, school_id: int) -> bool:
    """Was a role at this school ever theirs?"""
    held = select(RoleHeld.id).where(RoleHeld.person_id == person_id, RoleHeld.organisation_id == school_id)
    return db.session.scalar(held.where(RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL])).limit(1)) is not None


def holds_role_at_school(person_id: int, school_id: int) -> bool:
    held = select(Held.id).where(Held.person_id == person_id, *_in_force(school_id)).limit(1)
    return db.session.scalar(held) is not None
