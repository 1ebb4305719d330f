"""Who says that a case from another system is as it should be (MEAS-5)."""

from typing import Any

from app.people.models import Role
from app.people.queries import Actor


def can_review(actor: Actor, head: Any) -> bool:
    """Only a workflow lead of the service that has the case says that it was reviewed."""
    return actor.role is Role.WORKFLOW_LEAD and head.service_id == actor.organisation_id
