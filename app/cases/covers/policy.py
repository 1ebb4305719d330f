"""Who lets somebody stand in for a case manager (CASE-9)."""

from app.cases.models import Status
from app.cases.queries import CaseHead
from app.people.models import Role
from app.people.queries import Actor

HELD = (Status.OPEN, Status.TRANSITION, Status.PAUSED)
"""What a case manager has in their hands."""


def can_cover(actor: Actor, case: CaseHead) -> bool:
    """Only a workflow lead arranges cover, and only for a case that somebody has."""
    return actor.role is Role.WORKFLOW_LEAD and case.status in HELD
