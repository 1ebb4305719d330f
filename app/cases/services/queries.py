"""Whom a school works with: its catchment's provider, its in-school provision, the regional office; and with which cases."""

from functools import cache

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from app.cases.models import Case, Status
from app.cases.policy import visible
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Catchment, Organisation, RegionalOffice, School
from app.people.queries import Actor
from app.people.shapes import asked_by, like
from app.students.models import Enrolment

Counts = dict[Status, int]
Provider = aliased(Organisation)
Provision = aliased(Organisation)
_PROVIDER = (
    select(
        Catchment.name.label("catchment"),
        Catchment.region,
        Provider.id.label("provider_id"),
        Provider.name.label("provider"),
        Provider.phone.label("provider_phone"),
        Provider.email.label("provider_email"),
        Provision.id.label("provision_id"),
        Provision.name.label("provision"),
        Provision.phone.label("provision_phone"),
        Provision.email.label("provision_email"),
        RegionalOffice.name.label("office"),
        RegionalOffice.phone.label("office_phone"),
        RegionalOffice.email.label("office_email"),
    )
    .join(School, School.catchment_id == Catchment.id)
    .outerjoin(Provider, Provider.id == Catchment.service_id)
    .outerjoin(Provision, Provision.id == School.provision_id)
    .outerjoin(RegionalOffice, RegionalOffice.region == Catchment.region)
    .where(School.organisation_id == bindparam("here"))
)


def provider_of(actor: Actor) -> AnyRow:
    """Who serves the actor's school, and whom it turns to; one statement. What there is none of is None."""
    return db.session.execute(_PROVIDER, {"here": actor.organisation_id}).one()


def counts_with(actor: Actor) -> dict[int | None, Counts]:
    """The cases that this person may see and that are not closed: service (None: none yet) → status → how many."""
    found: dict[int | None, Counts] = {}
    for service_id, status, count in db.session.execute(_counts(like(actor)), asked_by(actor)):
        found.setdefault(service_id, {})[status] = count
    return found


@cache
def _counts(actor: Actor) -> AnySelect:
    on_roll = select(Enrolment.student_id).where(Enrolment.school_id == actor.organisation_id)
    counted = select(Case.service_id, Case.status, func.count()).where(
        Case.student_id.in_(on_roll), visible(actor), Case.status != Status.CLOSED
    )
    return counted.group_by(Case.service_id, Case.status)
