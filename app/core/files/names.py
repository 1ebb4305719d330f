"""Names of files as people see them: no paths, nothing invisible, an ending that tells the truth."""

import re
import unicodedata
from collections.abc import Collection

LONGEST = 200
LONGEST_ENDING = 10
UNNAMED = "file"
_CUT = re.compile(r"[/\\]")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')


def cleaned(sent_as: str) -> str:
    """The name without folders and without what cannot be seen: composed, one line, at most 200 characters, never
    empty. A right-to-left mark cannot turn its ending round."""
    visible = unicodedata.normalize("NFC", "".join(_seen(character) for character in sent_as))
    last = _CUT.split(visible)[-1]
    name = " ".join(_NOT_IN_NAMES.sub("_", last).split()).strip(". ")
    return _shortened(name or UNNAMED)


def ending_of(name: str) -> str:
    """In lower case; empty where what follows the last dot is no ending."""
    stem, _, ending = name.rpartition(".")
    is_ending = stem and ending.isascii() and ending.isalnum() and len(ending) <= LONGEST_ENDING
    return ending.lower() if is_ending else ""


def with_ending(name: str, endings: tuple[str, ...], misleading: Collection[str]) -> str:
    """The name with one of these endings, the first where it has none of them; a misleading one gives way."""
    ending = ending_of(name)
    if ending in endings:
        return name
    stem = name[: -len(ending) - 1] if ending in misleading else name
    return _shortened(f"{stem}.{endings[0]}")


def told_apart(name: str, others: Collection[str]) -> str:
    """The name, with a number where one of the others is the same to people: photo (2).jpg."""
    taken = {other.casefold() for other in others}
    ending = ending_of(name)
    stem, tail = (name[: -len(ending) - 1], name[-len(ending) - 1 :]) if ending else (name, "")
    number, found = 1, name
    while found.casefold() in taken:
        number += 1
        mark = f" ({number}){tail}"
        found = stem[: LONGEST - len(mark)].rstrip(". ") + mark
    return found


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    return "" if category.startswith("C") else character


def _shortened(name: str) -> str:
    """The ending stays."""
    if len(name) <= LONGEST:
        return name
    ending = ending_of(name)
    tail = f".{ending}" if ending else ""
    return name[: LONGEST - len(tail)].rstrip(". ") + tail
