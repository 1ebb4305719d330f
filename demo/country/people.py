"""Whom one may sign in as in a country: the people of its busiest service, and of the school that asks it for most."""

import json
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.cases.models import Case, CasePerson, Status
from app.core.db import db
from app.people.models import Kind, Organisation, Person, Role, RoleHeld
from demo.people import OF_COUNTRY, DemoPerson

EACH = 3
"""Of a role at an organisation, those who are named on most cases."""


def offer_people(folder: Path) -> None:
    """The sign-in of the demonstration in this folder lists them from now on."""
    busiest = [_busiest(Case.service_id), _busiest(Case.school_id)]
    ministry = db.session.scalar(select(Organisation.id).where(Organisation.kind == Kind.MINISTRY).limit(1))
    offered = [each for there in (*busiest, ministry) if there for each in _people_at(there)]
    (folder / OF_COUNTRY).write_text(json.dumps([asdict(person) for person in offered], ensure_ascii=False))


def _busiest(where: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> int | None:
    statement = select(where).where(where.is_not(None), Case.status != Status.CLOSED)
    return db.session.scalar(statement.group_by(where).order_by(func.count().desc(), where).limit(1))


def _people_at(organisation_id: int) -> list[DemoPerson]:
    named = select(func.count()).where(CasePerson.person_id == Person.id).scalar_subquery()
    held = (
        select(Person.id, Person.public_id, Person.name, Person.email, RoleHeld.role, Organisation.name.label("at"))
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(RoleHeld.organisation_id == organisation_id, RoleHeld.ended_at.is_(None))
        .order_by(named.desc(), Person.id)
    )
    rows = db.session.execute(held).all()
    offered = {row.id: row for role in Role for row in [row for row in rows if row.role is role][:EACH]}
    return [
        DemoPerson(f"country-{row.public_id}", row.name, row.email, _roles_of(row.id), at=row.at)
        for row in offered.values()
    ]


def _roles_of(person_id: int) -> tuple[tuple[str, str], ...]:
    """All of them: what the sign-in does not claim would end."""
    statement = select(Organisation.number, RoleHeld.role).join(
        Organisation, Organisation.id == RoleHeld.organisation_id
    )
    held = statement.where(RoleHeld.person_id == person_id, RoleHeld.ended_at.is_(None)).order_by(RoleHeld.id)
    return tuple((number, role.value) for number, role in db.session.execute(held))
