"""Who signs a formal warning off (`permissions.md`, "service letters: sign off, exception, restart a ladder")."""

from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase
from app.people.models import Role
from app.people.queries import Actor


def is_author(actor: Actor, found: LetterOfCase) -> bool:
    """Who had the letter written, or asked that it be signed off."""
    return actor.person_id in {found.letter.asked_by_id, found.letter.sign_asked_by_id}


def can_sign(actor: Actor, found: LetterOfCase) -> bool:
    """A workflow lead signs a formal warning off, and not the one who wrote it, unless the service has no other lead."""
    is_lead = actor.role is Role.WORKFLOW_LEAD and can_write_letters(actor, found.head)
    return is_lead and (not is_author(actor, found) or found.record.leads == 1)
