"""How a caregiver chose to get letters, as forms ask it (LET-7)."""

from datetime import date
from typing import Any

from app.students.models import LettersBy
from app.students.rules import LETTERS_WORDS

NOBODY_ASKED = "unknown"
LETTERS = {(by or NOBODY_ASKED): words for by, words in LETTERS_WORDS.items()}
CHOSEN = {by.value: by for by in LettersBy}


def chosen(letters_by: str | None, on: date | None) -> dict[str, Any]:
    """As it was typed; without a choice there is no day of it."""
    by = CHOSEN.get(letters_by or "")
    return {"letters_by": by, "letters_by_on": on if by else None}
