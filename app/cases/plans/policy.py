"""Who sees barriers, the plan and agencies of a case (`permissions.md`)."""

from typing import Any

from app.people.models import Kind
from app.people.queries import Actor


def can_read_service(actor: Actor, case: Any) -> bool:
    """What a service records of its work is read at the service that has the case, not by whom it has left."""
    return actor.organisation_kind is Kind.SERVICE and bool(case.service_id == actor.organisation_id)
