"""Who asks, and what becomes of it, in words that other rooms know."""

from dataclasses import dataclass

from app.people.roles.rules import ENDED

ASKED, NAMED, REFUSED, WITHDRAWN = "role.asked", "role.named", "role.refused", "role.withdrawn"
TOLD_OF_ROLES = frozenset({ASKED, NAMED, REFUSED})
TOLD_WITHOUT_ROLE = frozenset({REFUSED, ENDED})
"""Of these a person is told though they do not hold the role."""
LONGEST_WHY = 300
NAMED_AS = "Named a contact of a case as "
"""Before the name that was typed: whoever has the address is shown by it until they hold a role here."""
MOST_WAITING = 3
"""That one person asks for at a time."""


@dataclass(frozen=True)
class Applicant:
    """Somebody who has signed in and holds no role: who they are, and at which organisation they ask for one."""

    person_id: int
    organisation_id: int
    role: str = "none yet"
