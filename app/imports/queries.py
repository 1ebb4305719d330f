"""Who brings something in, and what organisations there are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.core.db import db
from app.imports.columns import NotBrought
from app.people.models import Organisation, Role
from app.people.queries import Actor, person_by_email, roles_of


@dataclass(frozen=True)
class Operator(Actor):
    """Somebody who runs the portal, by their role; what they bring for another organisation they do for that one."""

    def at(self, organisation_id: int) -> "Operator":
        return replace(self, organisation_id=organisation_id)


def operator_by(email: str) -> Operator:
    """Raises `NotBrought` where nobody with this address has the role."""
    person = person_by_email(email)
    held = [each for each in roles_of(person.id) if each.role is Role.OPERATOR] if person else []
    if person is None or not held or person.ended_at:
        raise NotBrought(
            f"{email} is no operator. Name yourself by --by; who has no role yet gets one by “flask people grant”."
        )
    role, at = held[0], held[0].organisation
    who = (person.id, person.public_id, person.name, person.email)
    return Operator(*who, role.role, role.id, at.id, at.name, at.kind)


def organisations() -> Mapping[str, Organisation]:
    """All of them, by their numbers; there are a few thousand in a country."""
    return {each.number: each for each in db.session.scalars(select(Organisation))}
