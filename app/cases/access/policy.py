"""Who looks at what people open (`permissions.md`, "access log": the lead of a service, of a school its own people's)."""

from dataclasses import dataclass

from sqlalchemy import select

from app.cases.naming import stands_in
from app.core.db import db
from app.people.models import Role
from app.people.queries import Actor

LEADS = frozenset({Role.WORKFLOW_LEAD, Role.ATTENDANCE_LEAD})


@dataclass(frozen=True)
class Watch:
    """Everything that the people of the actor's organisation opened."""

    is_leads: bool


def watch_for(actor: Actor) -> Watch:
    """Office support looks where the school has no attendance lead."""
    return Watch(leads(actor))


def leads(actor: Actor) -> bool:
    """A workflow lead of a service; of a school an attendance lead, or office support where it has none."""
    is_alone = actor.role is Role.OFFICE_SUPPORT and bool(db.session.scalar(select(stands_in(actor))))
    return actor.role in LEADS or is_alone


def can_watch(actor: Actor, watch: Watch) -> bool:
    """What people opened is for the workflow lead; at a school for the attendance lead, or office support where there is none."""
    return watch.is_leads
