"""`{field}` in the text of a letter: checked when the text is read, filled when a letter is written (LET-8, LET-9).

There is nothing to execute: a name from the list of facts between braces, and no other brace."""

import re
from collections.abc import Collection, Mapping

from app.letters.facts import LABELS

FIELD = re.compile(r"\{([^{}]*)\}")
BRACE = re.compile(r"[{}]")
STRAY = {"{": "a brace that is opened and not closed", "}": "a brace that is closed and was not opened"}


class WordingRefused(Exception):
    """A text that cannot be used; says which file, block and place, and why."""


class Incomplete(Exception):
    """What a letter lacks, in plain words: a fact, or a character that the fonts do not have. It is not printed (LET-8)."""


def fields_of(text: str, place: str, known: Collection[str] = LABELS) -> list[str]:
    """The names of the fields in a text. Raises `WordingRefused` for a field that is not known to letters for its purpose, or a
    stray brace; `place` says where the text stands."""
    for found in FIELD.finditer(text):
        if found[1] not in known:
            raise WordingRefused(f"{place}, character {found.start() + 1}: there is no field “{found[1]}”.")
    without = FIELD.sub(lambda found: " " * len(found[0]), text)
    if stray := BRACE.search(without):
        raise WordingRefused(f"{place}, character {stray.start() + 1}: {STRAY[stray[0]]}.")
    return FIELD.findall(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields; what a value says is never read as a field. Raises `Incomplete` for one without a value."""
    return FIELD.sub(lambda found: value_of(found[1], values), text)


def value_of(name: str, values: Mapping[str, str]) -> str:
    if value := values.get(name, "").strip():
        return value
    raise Incomplete(f"Missing: {LABELS[name].lower()}.")
