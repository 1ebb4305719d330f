"""Statements that are built once for everybody of a kind: building one anew costs more than asking it. Who asks stays open
in it, and is given each time."""

from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, distinct, func, select

from app.core.db import db
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.queries import Actor

ME: Any = bindparam("me", type_=Integer)
HERE: Any = bindparam("here", type_=Integer)


def like(actor: Actor) -> Actor:
    """Whoever sees cases as this person does; one object for each kind, so that a statement can be kept by it."""
    return _somebody(actor.role, actor.organisation_kind, actor.sees_service_cases)


def asked_by(actor: Actor, **more: object) -> dict[str, object]:
    """What a statement for somebody like them needs, to be asked by them."""
    return {"me": actor.person_id, "here": actor.organisation_id, **more}


def has_one_lead(organisation_id: int) -> bool:
    return db.session.scalar(select(count_of_leads(organisation_id))) == 1


def count_of_leads(organisation_id: Any) -> Any:
    """How many lead a service now."""
    leads = select(func.count(distinct(RoleHeld.person_id))).join(Person, Person.id == RoleHeld.person_id)
    here = (RoleHeld.organisation_id == organisation_id, RoleHeld.role == Role.WORKFLOW_LEAD)
    return leads.where(*here, RoleHeld.ended_at.is_(None), Person.ended_at.is_(None)).scalar_subquery()


@cache
def _somebody(role: Role, kind: Kind, sees_service_cases: bool) -> Actor:
    return Actor(ME, "", "", "", role, 0, HERE, "", kind, sees_service_cases)
