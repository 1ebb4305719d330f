"""Who is to be named, and when cover begins and ends (CASE-3)."""

from dataclasses import dataclass

MISSING, BEGUN = "contact.missed", "contact.begun"
CHANGED, REPLACED, ADDED, ENDED, COVERED = (
    "contact.changed",
    "contact.replaced",
    "contact.added",
    "contact.ended",
    "contact.covered",
)
LONGEST_TIMES, LONGEST_PHONE = 160, 40


@dataclass(frozen=True)
class Whom:
    """Somebody known, by their id; or whoever has this e-mail address, whom nobody may have met here yet."""

    person_id: int | None = None
    name: str = ""
    """As it was typed."""
    email: str = ""
    phone: str | None = None
    """None where it stays what it is."""
