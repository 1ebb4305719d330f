"""What somebody owns here, counted: whoever gives roles learns neither of which student nor of which case."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.cases.models import Case, CasePerson, Part, Status
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Kind, Role, RoleHeld
from app.people.queries import people_with
from app.people.rules import ROLES_OF
from app.referrals.leaving.rules import Owned, keeps_cases, keeps_school
from app.referrals.models import Referral
from app.referrals.queries import DRAFT


def owned_by(person_id: int, organisation_id: int, *, ending: Role) -> Owned:
    """What is to be handed on when this role of theirs ends."""
    remaining = _other_roles(person_id, organisation_id, ending)
    counts = [
        select(func.count()).select_from(ids.subquery()).scalar_subquery()
        for ids in (
            drafts_of(person_id, organisation_id),
            cases_of(person_id, organisation_id, Part.PRIMARY_CONTACT),
            cases_of(person_id, organisation_id, Part.MANAGER),
        )
    ]
    drafts, contact_of, managed = db.session.execute(select(*counts)).one()
    school, service = not keeps_school(remaining), not keeps_cases(remaining)
    return Owned(drafts * school, contact_of * school, managed * service)


def drafts_of(person_id: int, school_id: int) -> AnySelect:
    """The ids of the drafts they are to finish."""
    return select(Referral.id).where(Referral.owner_id == person_id, Referral.school_id == school_id, DRAFT)


def cases_of(person_id: int, organisation_id: int, part: Part) -> AnySelect:
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


def heirs_at(organisation_id: int, kind: Kind, *, but: int) -> Sequence[AnyRow]:
    """Who can get it, by name: anybody with a role at the school, at a service its case managers."""
    roles = ROLES_OF[Kind.SCHOOL] if kind is Kind.SCHOOL else (Role.CASE_MANAGER,)
    found = {person.id: person for person in people_with(organisation_id, *roles) if person.id != but}
    return list(found.values())


def _other_roles(person_id: int, organisation_id: int, ending: Role) -> set[Role]:
    statement = select(RoleHeld.role).where(
        RoleHeld.person_id == person_id,
        RoleHeld.organisation_id == organisation_id,
        RoleHeld.ended_at.is_(None),
        RoleHeld.role != ending,
    )
    return set(db.session.scalars(statement))
