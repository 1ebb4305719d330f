"""What somebody owns here, counted: whoever gives roles learns neither of which student nor of which case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.cases.models import Case, CasePerson, Part, Status
from app.core.db import NOW, AnyRow, AnySelect, db
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.queries import Actor, people_with
from app.people.rules import ROLES_OF
from app.referrals.leaving.rules import Owned, keeps_cases, keeps_school
from app.referrals.models import Referral
from app.referrals.queries import DRAFT

Still = aliased(RoleHeld)
MOST = 50
BESIDE = (Part.SECONDARY_CONTACT, Part.COVER)


def owned_by(person_id: int, organisation_id: int, *, ending: Role | None = None) -> Owned:
    """What is to be handed on when this role of theirs ends; or what none of their roles lets them keep by now."""
    remaining = _other_roles(person_id, organisation_id, ending)
    counts = [
        select(func.count()).select_from(ids.subquery()).scalar_subquery()
        for ids in (
            drafts_of(person_id, organisation_id),
            cases_of(person_id, organisation_id, Part.PRIMARY_CONTACT),
            cases_of(person_id, organisation_id, Part.MANAGER),
            cases_beside(person_id, organisation_id),
        )
    ]
    drafts, contact_of, managed, beside = db.session.execute(select(*counts)).one()
    school, service = not keeps_school(remaining), not keeps_cases(remaining)
    return Owned(drafts * school, contact_of * school, managed * service, beside * school * service)


def drafts_of(person_id: int, school_id: int) -> AnySelect:
    """The ids of the drafts they are to finish."""
    return select(Referral.id).where(Referral.owner_id == person_id, Referral.school_id == school_id, DRAFT)


def cases_of(person_id: Any, organisation_id: int, part: Part) -> AnySelect:
    """The ids of the cases on which they have this part; closed ones keep those they closed with."""
    return (
        select(Case.id)
        .join(CasePerson, CasePerson.case_id == Case.id)
        .where(
            CasePerson.person_id == person_id,
            CasePerson.organisation_id == organisation_id,
            CasePerson.part == part,
            CasePerson.until.is_(None),
            Case.status != Status.CLOSED,
        )
        .order_by(Case.id)
    )


def cases_beside(person_id: Any, organisation_id: int) -> AnySelect:
    """The ids of the cases on which they are another contact, or stand in for somebody, now or later; closed ones keep
    those they closed with."""
    named = select(CasePerson.case_id).where(
        CasePerson.person_id == person_id,
        CasePerson.organisation_id == organisation_id,
        CasePerson.part.in_(BESIDE),
        or_(CasePerson.until.is_(None), CasePerson.until > NOW),
    )
    here = Case.id.in_(named.correlate(Person))
    return select(Case.id).where(here, Case.status != Status.CLOSED).order_by(Case.id)


def heirs_at(organisation_id: int, kind: Kind, *, but: int) -> Sequence[AnyRow]:
    """Who can get it, by name: anybody with a role at the school, at a service its case managers."""
    roles = ROLES_OF[Kind.SCHOOL] if kind is Kind.SCHOOL else (Role.CASE_MANAGER,)
    found = {person.id: person for person in people_with(organisation_id, *roles) if person.id != but}
    return list(found.values())


def left_behind(actor: Actor) -> Sequence[AnyRow]:
    """Who still has something here that no role of theirs lets them keep, by name: their role ended by itself, by the
    sign-in server."""
    here = actor.organisation_id
    former = select(RoleHeld.person_id).where(RoleHeld.organisation_id == here, RoleHeld.ended_at.is_not(None))
    at_school = or_(
        select(Referral.id).where(Referral.owner_id == Person.id, Referral.school_id == here, DRAFT).exists(),
        _is_named(here, Part.PRIMARY_CONTACT),
    )
    beside = cases_beside(Person.id, here).order_by(None).exists()
    left = or_(
        and_(or_(at_school, beside), ~_holds(here, *ROLES_OF[Kind.SCHOOL], Role.CASE_MANAGER)),
        and_(_is_named(here, Part.MANAGER), ~_holds(here, Role.CASE_MANAGER)),
    )
    statement = select(Person.public_id, Person.name).where(Person.id.in_(former), left)
    return db.session.execute(statement.order_by(Person.name, Person.id).limit(MOST)).all()


def left_at_services() -> Select[RoleHeld]:
    """The roles of former case managers who are still named on a case that is not closed; whole rows, of all services."""
    has_one = exists().where(
        Case.service_id == RoleHeld.organisation_id,
        Case.manager_id == RoleHeld.person_id,
        Case.status != Status.CLOSED,
    )
    still = (Still.person_id == RoleHeld.person_id, Still.organisation_id == RoleHeld.organisation_id)
    stays = exists().where(*still, Still.role == Role.CASE_MANAGER, Still.ended_at.is_(None))
    statement = select(RoleHeld).join(Person, Person.id == RoleHeld.person_id)
    is_former = or_(Person.ended_at.is_not(None), ~stays)
    return statement.where(RoleHeld.role == Role.CASE_MANAGER, is_former, has_one).order_by(RoleHeld.id)


def left_by(actor: Actor, public_id: str) -> RoleHeld | None:
    """The last role of theirs that ended here."""
    statement = select(RoleHeld).join(Person, Person.id == RoleHeld.person_id)
    ended = (RoleHeld.organisation_id == actor.organisation_id, RoleHeld.ended_at.is_not(None))
    found = statement.where(Person.public_id == public_id, *ended)
    return db.session.scalar(found.order_by(RoleHeld.ended_at.desc(), RoleHeld.id.desc()).limit(1))


def _is_named(organisation_id: int, part: Part) -> ColumnElement[bool]:
    """A clause on Person: they have this part on a case here."""
    return and_(cases_of(Person.id, organisation_id, part).order_by(None).exists())


def _holds(organisation_id: int, *roles: Role) -> ColumnElement[bool]:
    """A clause on Person: they hold one of these roles here now."""
    held = (RoleHeld.person_id == Person.id, RoleHeld.organisation_id == organisation_id, RoleHeld.role.in_(roles))
    return and_(select(RoleHeld.id).where(*held, RoleHeld.ended_at.is_(None)).exists(), Person.ended_at.is_(None))


def _other_roles(person_id: int, organisation_id: int, ending: Role | None) -> set[Role]:
    """Somebody whose access was ended keeps none."""
    statement = select(RoleHeld.role).join(Person, Person.id == RoleHeld.person_id)
    held = (RoleHeld.person_id == person_id, RoleHeld.organisation_id == organisation_id)
    now = (RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
    return set(db.session.scalars(statement.where(*held, *now))) - {ending}
