"""Who reads of which sign-ins (`permissions.md`, "sign-in log")."""

from sqlalchemy import ColumnElement, false, true

from app.people.models import Role, RoleHeld
from app.people.queries import Actor

READERS = (Role.DELEGATED_AUTHORISER, Role.OPERATOR)


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on RoleHeld, the role that somebody worked in: an authoriser reads of those at their own organisation, whoever
    runs the portal of all."""
    if actor.role is Role.OPERATOR:
        return true()
    if actor.role is not Role.DELEGATED_AUTHORISER:
        return false()
    return RoleHeld.organisation_id == actor.organisation_id
