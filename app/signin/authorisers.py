"""Who can help somebody who was turned away: the delegated authorisers of their own organisation, and nobody else's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select

from app.core.db import db
from app.core.lists import rows as rows_of
from app.people.models import Organisation, Person, Role, RoleHeld

MOST = 5
LISTS = Path(__file__).parent / "lists"


@dataclass(frozen=True)
class Authoriser:
    """Somebody who gives roles, where, and how they are written to."""

    name: str
    email: str
    organisation: str


def authorisers_for(email: str, organisations: Iterable[int]) -> list[Authoriser]:
    """Those of organisations where the person had a role; else those who share the domain of the verified e-mail, where only
    people of their organisation have it and it is no public mail service's: a domain of many names nobody."""
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
    there = known or _organisations_of(email.partition("@")[2].lower())
    if not known and len(there) != 1:
        return []
    rows = db.session.execute(statement.where(Organisation.id.in_(there))).all()
    return [Authoriser(row.name, row.email, row.organisation) for row in rows[:MOST]]


def _organisations_of(domain: str) -> Sequence[int]:
    """Whose people have it, now or before; at most two."""
    if not domain or domain in _public():
        return ()
    held = select(RoleHeld.organisation_id).join(Person, Person.id == RoleHeld.person_id)
    near = held.where(Person.email.endswith(f"@{domain}", autoescape=True))
    return db.session.scalars(near.distinct().limit(2)).all()


@cache
def _public() -> frozenset[str]:
    return frozenset(row["domain"] for row in rows_of(LISTS / "public_mail_domains.csv"))
