"""Where a school's requests go, and which case one would join or reopen (REQ-6, REQ-7, REQ-10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.cases import policy as case_policy
from app.cases.models import Case, Status
from app.cases.statuses import reasons
from app.core import clock
from app.core.db import AnyRow, db
from app.core.figures import the_figures
from app.core.lists import rows
from app.people.models import Catchment, Organisation, School
from app.people.queries import Actor
from app.referrals.present_contact import with_contact
from app.referrals.questions import PROVIDER, PROVISION, SERVICES

Provider, Provision = aliased(Organisation, name="provider"), aliased(Organisation, name="provision")
FOR_GOOD = frozenset({"rejected", "duplicate", "deceased"})
"""Reasons (`close_reasons.csv`) after which another request begins a new case."""
LAST_FIRST = (Case.status == Status.CLOSED, Case.status_at.desc(), Case.id.desc())


class ClosedCase(Protocol):
    """What is asked of a case before it opens again."""

    @property
    def status_at(self) -> datetime: ...
    @property
    def close_reason(self) -> str: ...


@dataclass(frozen=True)
class Route:
    """REQ-6: the service a school's request goes to; without one it waits in triage."""

    service_id: int | None
    service_name: str | None
    service_phone: str | None
    region: str
    services: Mapping[str, str] = field(default_factory=dict)
    """Where the school has a choice: each by its code, in words."""
    is_open: bool = False
    """It has one, and has not chosen yet."""


def route_of(school_id: int, choice: str = "") -> Route:
    """Where this school's request goes today (REQ-6), and the region its catchment's calendar follows. A school with an
    in-school provision chooses; until it has, it is nowhere."""
    statement = (
        select(Catchment.region, Provider, Provision)
        .join(School, School.catchment_id == Catchment.id)
        .outerjoin(Provider, Provider.id == Catchment.service_id)
        .outerjoin(Provision, Provision.id == School.provision_id)
        .where(School.organisation_id == school_id)
    )
    row = db.session.execute(statement).one()
    region, provider, provision = row.region, row.provider, row.provision
    if provision is None:
        return _route(provider, region)
    services = {PROVISION: f"{SERVICES[PROVISION]}: {provision.name}", PROVIDER: _provider_words(provider)}
    chosen = {PROVISION: provision, PROVIDER: provider}.get(choice)
    return replace(_route(chosen, region), services=services, is_open=choice not in services)


def _route(service: Organisation | None, region: str) -> Route:
    if service is None:
        return Route(None, None, None, region)
    return Route(service.id, service.name, service.phone, region)


def _provider_words(provider: Organisation | None) -> str:
    return f"{SERVICES[PROVIDER]}: {provider.name if provider else 'there is none yet'}"


def known_case(actor: Actor, student_id: int) -> AnyRow | None:
    """The student's case that submitting would join or reopen, if this person may already see it (REQ-10): of an earlier
    one nothing is said where the last one is not theirs to see."""
    last = select(Case.id).where(Case.student_id == student_id).order_by(*LAST_FIRST).limit(1).scalar_subquery()
    columns = (Case.number, Case.status, Case.status_at, Case.close_reason, Case.service_id, Case.kind)
    statement = with_contact(select(*columns).where(Case.id == last, case_policy.visible(actor)))
    row = db.session.execute(statement).first()
    if row is None or (row.status is Status.CLOSED and not reopens(row)):
        return None
    return row


def close_words(code: str) -> str:
    """Why a case closed, in words; nothing where nobody said."""
    return next((row["label"] for row in rows(reasons.LIST) if row["code"] == code), "")


def known_cases(actor: Actor, student_ids: Sequence[int]) -> dict[int, str]:
    """The cases of these students that are not closed and that the actor may see: student → number."""
    statement = select(Case.student_id, Case.number).where(
        Case.student_id.in_(student_ids), Case.status != Status.CLOSED, case_policy.visible(actor)
    )
    return {row.student_id: row.number for row in db.session.execute(statement)} if student_ids else {}


def reopens(closed: ClosedCase, asked_on: date | None = None) -> bool:
    """REQ-7: closed at most so many calendar months before it is asked for (today, where nothing else is said), the boundary
    day included (CAL-4), and for no reason that ends it for good."""
    until = clock.add_months(clock.nz(closed.status_at).date(), the_figures().reopen_months)
    return (asked_on or clock.today()) <= until and closed.close_reason not in FOR_GOOD


def latest_case(student_id: int) -> Case | None:
    """The student's case that is not closed, else the one closed last; locked for the change that follows."""
    statement = (
        select(Case)
        .where(Case.student_id == student_id)
        .order_by(*LAST_FIRST)
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalar(statement)
