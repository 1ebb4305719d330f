"""Who may take a file off a note that is not sent yet."""

from typing import Any

from app.cases.policy import can_comment
from app.people.queries import Actor


def can_take_off(actor: Actor, found: Any) -> bool:
    """Whoever is writing the note takes its files off, as long as they may write on the case."""
    return can_comment(actor, found.head)
