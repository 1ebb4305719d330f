"""Where a case could go: what routing names for its student today (REQ-6), and every other service."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.core.db import TODAY, AnyRow, db
from app.people.models import Catchment, Kind, Organisation, School
from app.students.models import Enrolment
from app.students.queries import is_not_over

Provider, Provision = aliased(Organisation, name="its_provider"), aliased(Organisation, name="its_provision")
NOBODY = 0
"""A student who is at no school."""


@dataclass(frozen=True)
class Routed:
    """A service that routing names, and the region whose calendar its catchment follows."""

    service_id: int
    name: str
    region: str
    is_provider: bool


def services_where(student_id: int, school_id: int) -> list[Routed]:
    """The services of the schools where the student is now, the main one’s first and its provider before its in-school
    provision; where the student is at none, those of the school that acts for the case."""
    now = (Enrolment.student_id == student_id, Enrolment.from_on <= TODAY, is_not_over())
    here = select(Enrolment.school_id, Enrolment.is_main).where(*now).subquery()
    statement = (
        select(Catchment.region, Provider.id, Provider.name, here.c.is_main)
        .add_columns(Provision.id.label("provision_id"), Provision.name.label("provision"))
        .select_from(School)
        .join(Catchment, Catchment.id == School.catchment_id)
        .outerjoin(Provider, Provider.id == Catchment.service_id)
        .outerjoin(Provision, Provision.id == School.provision_id)
        .outerjoin(here, here.c.school_id == School.organisation_id)
        .where(or_(School.organisation_id.in_(select(here.c.school_id)), School.organisation_id == school_id))
        .order_by(School.organisation_id)
    )
    rows = db.session.execute(statement).all()
    there = sorted((row for row in rows if row.is_main is not None), key=lambda row: not row.is_main)
    return [routed for row in there or rows for routed in _routed(row)]


def services_of(school_id: int) -> list[Routed]:
    """The provider of this school’s catchment, and its in-school provision, as far as there are any."""
    return services_where(NOBODY, school_id)


def _routed(row: AnyRow) -> list[Routed]:
    both = ((row.id, row.name, True), (row.provision_id, row.provision, False))
    return [Routed(number, name, row.region, is_it) for number, name, is_it in both if number]


def suggested(routed: Sequence[Routed], service_id: int | None) -> Routed | None:
    """The provider where the student is now; nothing where routing names the service that has the case already."""
    if service_id in {each.service_id for each in routed}:
        return None
    return next((each for each in routed if each.is_provider), None)


def region_at(case: Case, service_id: int) -> str:
    """The region whose calendar the clocks of this service follow for this case."""
    for each in services_where(case.student_id, case.school_id):
        if each.service_id == service_id:
            return each.region
    own = select(Catchment.region).where(Catchment.service_id == service_id).order_by(Catchment.id).limit(1)
    return db.session.scalar(own) or case.region


def services_but(service_id: int | None) -> Sequence[AnyRow]:
    """Every other service, by name."""
    others = select(Organisation.id, Organisation.number, Organisation.name)
    others = others.where(Organisation.kind == Kind.SERVICE, Organisation.id != service_id)
    return db.session.execute(others.order_by(Organisation.name, Organisation.id)).all()
