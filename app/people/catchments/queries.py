"""The schools of a service: those of its catchments, and those whose in-school provision it is (P19)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from app.core.db import AnyRow, db
from app.core.text import fold
from app.people.models import Catchment, Organisation, School
from app.people.shapes import HERE

Provision = aliased(Organisation)


def is_served() -> ColumnElement[bool]:
    """A clause on School with its Catchment: the organisation that asks serves it."""
    return or_(Catchment.service_id == HERE, School.provision_id == HERE)


def schools_served(service_id: int) -> Sequence[AnyRow]:
    """All of them, in the order in which people look for a name. A service has some dozens, so they come at once."""
    rows = db.session.execute(SERVED, {"here": service_id}).all()
    return sorted(rows, key=lambda row: (fold(row.name), row.id))


SERVED = (
    select(
        *(Organisation.id, Organisation.number, Organisation.name, Organisation.phone, Organisation.email),
        Catchment.name.label("catchment"),
        Provision.name.label("provision"),
    )
    .join(School, School.organisation_id == Organisation.id)
    .join(Catchment, Catchment.id == School.catchment_id)
    .outerjoin(Provision, Provision.id == School.provision_id)
    .where(is_served())
)
