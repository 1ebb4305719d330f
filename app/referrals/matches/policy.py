"""Who may confirm or part a likely match (`permissions.md`, "Requests")."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased

from app.cases.models import Case, CaseKind, Status
from app.core.db import unsought
from app.people.models import Role
from app.people.queries import Actor

Earlier = aliased(Case, name="earlier")


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on the new Case and the Earlier one: a lead of the service that has the earlier one; while nobody has it, of
    the one that has the new; an investigator while no service has either. What the queries show of a case that another
    service has is only what decides. Those that wait are few, the cases of a service many: it is not by these that they are
    looked up."""
    match actor.role:
        case Role.WORKFLOW_LEAD:
            is_new_ours = and_(Earlier.service_id.is_(None), unsought(Case.service_id) == actor.organisation_id)
            return or_(unsought(Earlier.service_id) == actor.organisation_id, is_new_ours)
        case Role.INVESTIGATOR:
            return and_(Earlier.service_id.is_(None), Case.service_id.is_(None))
    return false()


def is_known(actor: Actor, of: Any) -> ColumnElement[bool]:
    """A clause on either: this person may know its number and status."""
    if actor.role is Role.INVESTIGATOR:
        return or_(of.kind == CaseKind.NEN, of.status == Status.TRIAGE)
    is_ours: ColumnElement[bool] = of.service_id == actor.organisation_id
    return is_ours


def can_decide(actor: Actor, match: object) -> bool:
    """Whoever could load it through `visible` may say whether it is one student."""
    return True
