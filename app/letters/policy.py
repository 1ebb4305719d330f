"""Who makes and sees a service's letters (`permissions.md`, Letters)."""

from app.cases import policy as cases
from app.cases.models import Status
from app.cases.policy import SeenCase
from app.people.queries import Actor


def can_see_letters(actor: Actor, case: SeenCase) -> bool:
    """Letters are for the case manager, their cover, and the workflow lead."""
    return cases.can_work(actor, case)


def can_write_letters(actor: Actor, case: SeenCase) -> bool:
    """The case manager, their cover, and the workflow lead write letters, while the case is not closed."""
    return cases.can_work(actor, case) and case.status is not Status.CLOSED
