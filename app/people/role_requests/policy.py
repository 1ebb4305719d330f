"""Who sees and decides what was asked for: the delegated authoriser of that organisation, and nobody else (A2)."""

from typing import Any

from sqlalchemy import ColumnElement, false

from app.people.models import Role
from app.people.queries import Actor
from app.people.role_requests.models import RoleRequest


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on RoleRequest."""
    if actor.role is not Role.DELEGATED_AUTHORISER:
        return false()
    return RoleRequest.organisation_id == actor.organisation_id


def can_decide(actor: Actor, request: Any) -> bool:
    """Only a delegated authoriser gives or refuses a role that was asked for."""
    return actor.role is Role.DELEGATED_AUTHORISER
