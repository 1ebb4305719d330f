"""Who may confirm or part a likely match (`permissions.md`, "Requests")."""

from sqlalchemy import ColumnElement, and_, false, or_
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.people.models import Role
from app.people.queries import Actor

Earlier = aliased(Case, name="earlier")


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on the new Case and the Earlier one: a lead of the service that has the earlier one; while nobody has it, of
    the one that has the new. What the queries show of a case that another service has is only what decides."""
    if actor.role is not Role.WORKFLOW_LEAD:
        return false()
    is_new_ours = and_(Earlier.service_id.is_(None), Case.service_id == actor.organisation_id)
    return or_(Earlier.service_id == actor.organisation_id, is_new_ours)


def can_decide(actor: Actor, match: object) -> bool:
    """Whoever could load it through `visible` may say whether it is one student."""
    return True
