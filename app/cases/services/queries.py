"""Whom a school works with: its catchment's provider, its in-school provision, the regional office; and with which cases."""

from functools import cache

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from app.cases.listing import near
from app.cases.models import Case, Status
from app.cases.policy import visible
from app.cases.services.rules import ASKED
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Audit
from app.people.models import Catchment, Organisation, Person, RegionalOffice, School
from app.people.queries import Actor
from app.people.shapes import asked_by, like

Counts = dict[Status, int]
Provider = aliased(Organisation)
Provision = aliased(Organisation)
_LAST_ASKED = (
    select(func.max(Audit.id))
    .where(Audit.event == ASKED, Audit.organisation_id == bindparam("here"), Audit.case_id.is_(None))
    .scalar_subquery()
)
"""When somebody of the school last asked for support for a group; what is of no case is found by the index on the case."""
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
        Audit.thing.label("group_asked"),
        Audit.at.label("group_asked_at"),
        Person.name.label("group_asked_by"),
    )
    .join(School, School.catchment_id == Catchment.id)
    .outerjoin(Provider, Provider.id == Catchment.service_id)
    .outerjoin(Provision, Provision.id == School.provision_id)
    .outerjoin(RegionalOffice, RegionalOffice.region == Catchment.region)
    .outerjoin(Audit, Audit.id == _LAST_ASKED)
    .outerjoin(Person, Person.id == Audit.person_id)
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
    counted = select(Case.service_id, Case.status, func.count()).where(
        near(actor), visible(actor), Case.status != Status.CLOSED
    )
    return counted.group_by(Case.service_id, Case.status)
