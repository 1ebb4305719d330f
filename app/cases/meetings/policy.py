"""Who records what happened (`permissions.md`, "events, attempts, lists of a first meeting")."""

from app.cases.policy import SeenCase, can_work
from app.people.queries import Actor


def can_record(actor: Actor, case: SeenCase) -> bool:
    """Only the case manager, their cover, and the workflow lead record what happened."""
    return can_work(actor, case)
