"""Who is named a contact already, and that a role is asked for whoever has none at the school (CASE-3)."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.cases.contacts.queries import holds_role_at_school
from app.cases.contacts.rules import Whom
from app.cases.models import Case, CasePerson, Part
from app.cases.naming import is_left
from app.cases.policy import CONTACTS
from app.core import clock
from app.core.db import db
from app.people.actions import add_person
from app.people.models import Kind, Person
from app.people.queries import Actor, person_by_email
from app.people.role_requests.actions import name_contact, withdraw_naming
from app.people.role_requests.queries import name_at


def person_of(whom: Whom) -> Person:
    """Whoever has the address, known or not: no answer tells whether somebody has it."""
    known = db.session.get(Person, whom.person_id) if whom.person_id else person_by_email(whom.email)
    return known or add_person(name=whom.name, email=whom.email, phone=whom.phone or "")


def is_left_behind(named: CasePerson) -> bool:
    """The student is at another school by now, which knows nothing of this contact."""
    left = select(Case.id).where(Case.id == named.case_id, is_left(named.organisation_id))
    return db.session.scalar(left) is not None


def primary_of(case: Case) -> CasePerson | None:
    statement = select(CasePerson).where(CasePerson.case_id == case.id, CasePerson.until.is_(None))
    return db.session.scalar(statement.where(CasePerson.part == Part.PRIMARY_CONTACT))


def school_of(case: Case, by: Actor) -> int:
    """The actor's, or for a service the one that asked."""
    return by.organisation_id if by.organisation_kind is Kind.SCHOOL else case.school_id


def is_still(was: CasePerson, person_id: int, by: Actor) -> bool:
    """Who works at two schools is named anew by the second one."""
    is_there = by.organisation_kind is not Kind.SCHOOL or was.organisation_id == by.organisation_id
    return is_there and was.person_id == person_id


def ask_for_role_of(named: CasePerson, person: Person, typed: str, *, by: Actor) -> None:
    """Who has no role at the school sees nothing before an authoriser there gives one."""
    if not holds_role_at_school(person.id, named.organisation_id):
        typed = typed or name_at(person.id, named.organisation_id)
        name_contact(person, named.organisation_id, typed, by=by)


def need_no_role(ended: CasePerson, *, by: Actor, but: int | None = None) -> None:
    """Who is a contact nowhere at the school any more, `but` perhaps in this case, needs no role there."""
    statement = select(CasePerson.id).where(
        CasePerson.person_id == ended.person_id,
        CasePerson.organisation_id == ended.organisation_id,
        CasePerson.part.in_(CONTACTS),
        CasePerson.case_id != (but or 0),
        or_(CasePerson.until.is_(None), CasePerson.until > clock.now()),
    )
    if db.session.scalar(statement.limit(1)) is None:
        withdraw_naming(ended.person_id, ended.organisation_id, by=by)


def parts_of(case: Case, person_id: int) -> Sequence[CasePerson]:
    """In which parts at a school, now or later."""
    statement = select(CasePerson).where(
        CasePerson.case_id == case.id,
        CasePerson.person_id == person_id,
        CasePerson.part.in_(CONTACTS),
        CasePerson.organisation_id != (case.service_id or 0),
        or_(CasePerson.until.is_(None), CasePerson.until > clock.now()),
    )
    return db.session.scalars(statement.with_for_update()).all()
