"""Who asks for a pause, and who approves it (`permissions.md`, "other pause")."""

from typing import Any

from app.cases.models import Status
from app.cases.pauses.rules import can_pause
from app.cases.policy import can_change
from app.people.models import Role
from app.people.queries import Actor


def can_look(actor: Actor, case: Any) -> bool:
    """Only the case manager, their cover, and the workflow lead ask for a pause; and only where the settings of the service
    have it, while the case is not closed."""
    return can_change(actor, case) and bool(case.has_other_pauses or case.pause_waiting)


def can_ask(actor: Actor, case: Any) -> bool:
    """Only the case manager, their cover, and the workflow lead ask for a pause; and only where the settings of the service
    have it, of a case in the queue, open or in transition."""
    return can_change(actor, case) and bool(case.has_other_pauses) and can_pause(Status(case.status))


def can_withdraw(actor: Actor, of: Any) -> bool:
    """The case manager, their cover, and the workflow lead take back what was asked for."""
    return can_change(actor, of.head)


def can_decide(actor: Actor, of: Any) -> bool:
    """A workflow lead approves or refuses a pause, and not the one who asked for it, unless the service has no other lead."""
    return actor.role is Role.WORKFLOW_LEAD and (of.pause.asked_by_id != actor.person_id or bool(of.has_one_lead))
