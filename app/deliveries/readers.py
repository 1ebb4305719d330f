"""Who reads a mail: the person in the role they were told in."""

from flask import current_app
from sqlalchemy import or_, select

from app.core.db import db
from app.core.outbox import Delivery
from app.people.models import Catchment, Kind, Organisation, Person, Role, RoleHeld, School
from app.people.queries import Actor
from app.people.role_requests.rules import TOLD_WITHOUT_ROLE
from app.problems.rules import REPORTED

NOBODY = 0
"""Who has no account: an address is all that is known."""
NATIONAL_OFFICE = "WGN"
"""The region of those that are in none: the Ministry's teams, and whoever runs the portal."""


def reader_of(delivery: Delivery) -> Actor | None:
    """The person in the role they were told in, if they still hold it."""
    statement = (
        select(
            Person.public_id, Person.name, Person.email, RoleHeld.id, Organisation.name.label("at"), Organisation.kind
        )
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(
            Person.id == delivery.person_id,
            Person.ended_at.is_(None),
            RoleHeld.organisation_id == delivery.organisation_id,
            RoleHeld.role == delivery.role,
            RoleHeld.ended_at.is_(None),
        )
    )
    if delivery.event in TOLD_WITHOUT_ROLE:
        return _former_reader(delivery)
    row = db.session.execute(statement).first()
    if row is None:
        return _whoever_runs_it(delivery) if delivery.event == REPORTED else None
    role = Role(delivery.role)
    return Actor(
        delivery.person_id, row.public_id, row.name, row.email, role, row.id, delivery.organisation_id, row.at, row.kind
    )


def _former_reader(delivery: Delivery) -> Actor | None:
    """The person, told of a role that they do not hold: it was refused."""
    person, there = db.session.get(Person, delivery.person_id), db.session.get(Organisation, delivery.organisation_id)
    if person is None or there is None or person.ended_at:
        return None
    role = Role(delivery.role)
    return Actor(person.id, person.public_id, person.name, person.email, role, 0, there.id, there.name, there.kind)


def _whoever_runs_it(delivery: Delivery) -> Actor | None:
    """Nobody holds the role; where an address is set, a problem reaches it all the same (HELP-1)."""
    address: str = current_app.extensions["settings"].operator_email
    here = delivery.organisation_id
    return Actor(NOBODY, "", "", address, Role.OPERATOR, 0, here, "", Kind.OPERATOR) if address else None


def region_of(organisation_id: int) -> str:
    """By whose holidays this organisation keeps its working days."""
    own = or_(School.organisation_id == organisation_id, Catchment.service_id == organisation_id)
    statement = select(Catchment.region).outerjoin(School, School.catchment_id == Catchment.id).where(own)
    return db.session.scalar(statement.order_by(Catchment.id).limit(1)) or NATIONAL_OFFICE
