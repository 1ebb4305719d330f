"""What the fonts of letters can print, and how wide (LET-3): a character that they lack would silently come from another
font, or not at all."""

import json
import unicodedata
from functools import cache
from pathlib import Path

from app.core.text import nfc

HAS = Path(__file__).parent.parent.parent / "fonts" / "characters.json"
"""Written by the set-up from the fonts themselves (`scripts/fonts.py`): each character and its width."""
LAID_OUT = frozenset("\n\t")
PER_SIZE = 1000
"""The parts of the size of the type that widths are counted in."""


@cache
def _widths() -> dict[str, int]:
    """Without what fonts list and nobody sees, like a soft hyphen: a name of only these would be a blank (LET-8)."""
    found: dict[str, int] = json.loads(HAS.read_text(encoding="utf-8"))
    return {character: width for character, width in found.items() if unicodedata.category(character)[0] != "C"}


def lacking(text: str) -> list[str]:
    """The characters of a text that cannot be printed, each once, in their order."""
    return list(dict.fromkeys(each for each in nfc(text) if each not in _widths() and each not in LAID_OUT))


def named(character: str) -> str:
    """A character as a message shows it: itself where it can be seen, its number and name otherwise."""
    code = f"U+{ord(character):04X}"
    if unicodedata.category(character)[0] in "CZM":
        return f"{code} {unicodedata.name(character, 'which is not to be seen').lower()}"
    return f"“{character}” ({code})"


def width(text: str, size: float) -> float:
    """How wide a text is at most, in the unit of its size; a character that cannot be printed counts as wide as can be."""
    return sum(_widths().get(character, PER_SIZE) for character in nfc(text)) * size / PER_SIZE
