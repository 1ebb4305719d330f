"""Who may confirm or part a likely match (`permissions.md`, "Requests")."""

from sqlalchemy import ColumnElement, and_, false
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.people.models import Role
from app.people.queries import Actor

Earlier = aliased(Case, name="earlier")


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on the new Case and the Earlier one: a lead whose service has both, so that nobody learns of another’s."""
    if actor.role is not Role.WORKFLOW_LEAD:
        return false()
    return and_(Case.service_id == actor.organisation_id, Earlier.service_id == actor.organisation_id)


def can_decide(actor: Actor, match: object) -> bool:
    """Whoever could load it through `visible` may say whether it is one student."""
    return True
