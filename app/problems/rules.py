"""What a report of a problem says, and how it is called."""

import secrets
from dataclasses import dataclass

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Nothing that is read out wrongly on the phone."""
LONGEST = 4_000
"""Characters of what somebody was doing."""
REPORTED = "problem.reported"


@dataclass(frozen=True)
class Noticed:
    """What the page knows by itself; each text is cut to what its column holds."""

    page: str = ""
    """The route's pattern."""
    case_number: str = ""
    error_number: str = ""
    browser: str = ""
    version: str = ""


def new_reference() -> str:
    """Like P-7KQ2-M4XD."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"P-{letters[:4]}-{letters[4:]}"
