"""Who can help somebody who was turned away: the delegated authorisers of their own organisation, and nobody else's."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import db
from app.people.models import Organisation, Person, Role, RoleHeld

MOST = 5


@dataclass(frozen=True)
class Authoriser:
    """Somebody who gives roles, where, and how they are written to."""

    name: str
    email: str
    organisation: str


def authorisers_for(email: str, organisations: Iterable[int]) -> list[Authoriser]:
    """Those of organisations where the person had a role; else those who share the domain of the verified e-mail,
    when all of them are of one organisation (a domain of many, such as a public mail service, names nobody)."""
    statement = (
        select(Person.name, Organisation.id, Organisation.name.label("organisation"), Person.email)
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(
            RoleHeld.role == Role.DELEGATED_AUTHORISER,
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
        .order_by(Organisation.name, Person.name)
    )
    known = tuple(organisations)
    domain = email.partition("@")[2]
    near = Organisation.id.in_(known) if known else Person.email.endswith(f"@{domain}", autoescape=True)
    rows = db.session.execute(statement.where(near)).all() if known or domain else []
    if not known and len({row.id for row in rows}) > 1:
        return []
    return [Authoriser(row.name, row.email, row.organisation) for row in rows[:MOST]]
