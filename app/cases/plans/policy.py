"""Who sees barriers, the plan and agencies of a case (`permissions.md`, "barriers, plan, tasks, agencies")."""

from app.cases.policy import SeenCase, can_work
from app.people.queries import Actor


def can_read_plan(actor: Actor, case: SeenCase) -> bool:
    """Barriers, the plan and agencies are for the case manager, their cover, and the workflow lead."""
    return can_work(actor, case)
