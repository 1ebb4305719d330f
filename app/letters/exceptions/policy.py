"""Who rules on a ladder (`permissions.md`, "service letters: sign off, exception, restart a ladder")."""

from app.cases.policy import SeenCase
from app.letters.policy import can_write_letters
from app.people.models import Role
from app.people.queries import Actor


def can_rule(actor: Actor, case: SeenCase) -> bool:
    """A workflow lead lets a letter be written out of its turn, and has a ladder begin again, while the case is not closed."""
    return actor.role is Role.WORKFLOW_LEAD and can_write_letters(actor, case)
