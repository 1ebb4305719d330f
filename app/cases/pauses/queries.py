"""Pauses of a case: the one that waits for a lead, and those before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, null, or_, select
from sqlalchemy.orm import aliased

from app.cases.heading import shows_also
from app.cases.models import Case, Status
from app.cases.pauses.models import Pause, PauseState
from app.cases.pauses.rules import OTHER
from app.cases.queries import CaseHead, Service, case_for
from app.core import clock
from app.core.db import TODAY, AnyRow, db
from app.people.models import Organisation, Person, Role
from app.people.queries import Actor
from app.people.shapes import HERE, ME, count_of_leads

Asker, Decider = (aliased(Person, name=name) for name in ("asker", "decider"))
WAITS = Pause.state == PauseState.ASKED
IS_ASKED = Pause.state == literal_column("'asked'")
"""The same in the very words of the index: what SQLite is not told literally it does not find there."""

shows_also(Service.has_other_pauses)
shows_also(
    select(Pause.public_id)
    .where(Pause.case_id == Case.id, WAITS)
    .correlate(Case)
    .scalar_subquery()
    .label("pause_waiting")
)


@dataclass(frozen=True)
class PauseOfCase:
    """A pause that was asked for, and its case, as an address names both."""

    head: CaseHead
    pause: Pause
    asked_by: str
    has_one_lead: bool

    @property
    def case_id(self) -> int:
        return self.head.id


@dataclass(frozen=True)
class Held:
    """A case that is being changed, with what decides whether it may be on hold for another reason."""

    case: Case
    is_on: bool
    """The setting of its service."""
    last_at: datetime | None
    """When one was approved last."""

    @property
    def was_on_hold(self) -> bool:
        """Since the service began, or began anew."""
        return self.last_at is not None and self.last_at >= clock.begin_of(self.case.service_started_on)


def pause_for(actor: Actor, number: str, public_id: str) -> PauseOfCase | None:
    """One that was asked for of a case that this person may see, at the service that has it."""
    head = case_for(actor, number)
    if head is None:
        return None
    here = (Pause.case_id == head.id, Pause.service_id == actor.organisation_id)
    statement = select(Pause, Asker.name, count_of_leads(actor.organisation_id) == 1).join(
        Asker, Asker.id == Pause.asked_by_id
    )
    row = db.session.execute(statement.where(Pause.public_id == public_id, *here)).first()
    return PauseOfCase(head, *row) if row else None


def pauses_on(head: CaseHead) -> Sequence[AnyRow]:
    """All that this service asked for on a case, newest first: with who asked, who answered, and whether there is one lead
    only. Who may see them is asked of the case."""
    ours = (Pause.case_id == head.id, Pause.service_id == head.service_id)
    statement = (
        select(Pause, Asker.name.label("asked_by"), Decider.name.label("decided_by"))
        .add_columns((count_of_leads(head.service_id) == 1).label("has_one_lead"))
        .join(Asker, Asker.id == Pause.asked_by_id)
        .outerjoin(Decider, Decider.id == Pause.decided_by_id)
    )
    return db.session.execute(statement.where(*ours).order_by(Pause.id.desc())).all()


def held(case_id: int) -> Held:
    """As it is now, and nobody else changes the case until the end of the transaction; one statement. It joins nothing: a row
    of what the case was joined to before somebody else moved it would not be found again."""
    approved = (Pause.case_id == Case.id, Pause.state == PauseState.APPROVED)
    last = select(func.max(Pause.decided_at)).where(*approved).correlate(Case).scalar_subquery()
    setting = select(Organisation.has_other_pauses).where(Organisation.id == Case.service_id).correlate(Case)
    found = select(Case, setting.scalar_subquery(), last).where(Case.id == case_id)
    case, is_on, last_at = db.session.execute(
        found.with_for_update(of=Case).execution_options(populate_existing=True)
    ).one()
    return Held(case, bool(is_on), last_at)


def is_to_be_reviewed() -> ColumnElement[bool]:
    """A clause on Case: it is on hold for another reason, and the day has come on which it is looked at again."""
    return and_(Case.status == Status.PAUSED, Case.pause_reason == OTHER, Case.pause_until <= TODAY)


def asked_of(actor: Actor) -> Any:
    """Since when a pause of a Case waits for this person, who leads the service and did not ask for it, or is its only lead."""
    if actor.role is not Role.WORKFLOW_LEAD:
        return null()
    is_second = or_(Pause.asked_by_id != ME, count_of_leads(HERE) == 1)
    waits = select(Pause.asked_at).where(Pause.case_id == Case.id, Pause.service_id == HERE, IS_ASKED, is_second)
    return waits.correlate(Case).scalar_subquery()
