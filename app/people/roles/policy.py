"""Who sees and decides who holds which role (`permissions.md`, "People, privacy")."""

from app.people.models import Role
from app.people.queries import Actor


def sees_all(actor: Actor) -> bool:
    """Where each role came from, who held one before, sign-ins: the delegated authoriser's. Who holds which role now is
    everybody's who holds one here."""
    return actor.role is Role.DELEGATED_AUTHORISER


def can_give(actor: Actor, person: object) -> bool:
    """Only a delegated authoriser gives roles and ends them."""
    return actor.role is Role.DELEGATED_AUTHORISER
