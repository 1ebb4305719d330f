"""Whose row is it? A row of somebody else is none of this request's business; of one that may be theirs a person is asked."""

from collections.abc import Collection, Sequence
from enum import StrEnum

from app.core.text import words

NUMBER = (9, 10)
"""Digits of a national student number; shorter ones are a school's own."""
ONE_LETTER = 1


class Whose(StrEnum):
    """What the cells that name a student say."""

    OWN = "own"
    UNSURE = "unsure"
    UNSAID = "unsaid"
    OTHER = "other"


def whose(cells: Sequence[str], *, names: Collection[str], number: str = "") -> Whose:
    """By the national number where there is one, else by the names: in any order, with the class beside them."""
    said = [word for cell in cells for word in _words(cell)]
    numbers = {word.lstrip("0") for word in said if word.isdigit() and len(word) in range(NUMBER[0], NUMBER[1] + 1)}
    named = {word for word in said if not any(map(str.isdigit, word))}
    if not named and not numbers:
        return Whose.OTHER if said else Whose.UNSAID
    if not numbers or not number:
        return _by_name(named, names) if named else Whose.OTHER
    if numbers != {number.lstrip("0")}:
        return Whose.OTHER
    return Whose.OWN if not named or _by_name(named, names) is not Whose.OTHER else Whose.UNSURE


def _by_name(named: set[str], names: Collection[str]) -> Whose:
    """Two words of it, or a whole name; one word may be a sibling, and so may an initial."""
    known = {word for name in names for word in words(name)}
    if named <= known:
        is_whole = len(named) > 1 or any(named == {*words(name)} for name in names)
        return Whose.OWN if is_whole else Whose.UNSURE
    rest = named - known
    is_begun = all(any(name.startswith(word) for name in known) for word in rest if len(word) == ONE_LETTER)
    return Whose.UNSURE if named & known and is_begun and all(len(word) == ONE_LETTER for word in rest) else Whose.OTHER


def _words(cell: str) -> list[str]:
    """A number written in groups is one."""
    digits = "".join(cell.split()).replace("-", "")
    return [digits] if digits.isdigit() else list(words(cell))
