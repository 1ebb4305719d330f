"""What the fonts of letters can print (LET-3): a character that they lack would silently come from another font."""

from functools import cache
from pathlib import Path

HAS = Path(__file__).parent.parent.parent / "fonts" / "characters.txt"
"""Written by the set-up from the fonts themselves (`scripts/fonts.py`)."""
LAID_OUT = frozenset("\n\t")


@cache
def _printable() -> frozenset[str]:
    return frozenset(HAS.read_text(encoding="utf-8")) | LAID_OUT


def lacking(text: str) -> list[str]:
    """The characters of a text that cannot be printed, each once, in their order."""
    return list(dict.fromkeys(character for character in text if character not in _printable()))
