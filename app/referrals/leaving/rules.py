"""What is handed on when a role ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.people.models import Kind, Role
from app.people.rules import ROLES_OF

CONTACT_HANDED_ON, DRAFT_HANDED_ON = "contact.handed_on", "draft.handed_on"


@dataclass(frozen=True)
class Owned:
    """How many drafts they are to finish, of how many cases they are the primary contact, and how many they manage; and on
    how many they are a contact beside that one, or stand in for somebody. Only what none of their other roles here lets
    them keep."""

    drafts: int = 0
    contact_of: int = 0
    managed: int = 0
    beside: int = 0
    """Nobody gets these: they end."""

    @property
    def at_school(self) -> int:
        return self.drafts + self.contact_of


@dataclass(frozen=True)
class Heirs:
    """Who gets it, by their ids. Cases without an heir go back to the queue; what is a school's stays as it is until
    somebody there holds a role."""

    at_school: int | None = None
    cases: int | None = None


def keeps_school(remaining: Iterable[Role]) -> bool:
    """Any role at the school finishes drafts and is a contact."""
    return any(role in ROLES_OF[Kind.SCHOOL] for role in remaining)


def keeps_cases(remaining: Iterable[Role]) -> bool:
    """Only a case manager manages cases."""
    return Role.CASE_MANAGER in remaining
