"""Who may take back a student that was added by hand."""

from app.people.models import Role
from app.people.queries import Actor


def can_take_back(actor: Actor, added: object) -> bool:
    """Whoever may add a student may take one back: your attendance lead or your office."""
    return actor.role in {Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT}
