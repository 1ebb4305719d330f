"""Two languages in one letter: side by side, or one after the other where columns cannot hold them (LET-9).

Which of the two is decided by the facts and the words alone. Side by side each language is read whole, the other one on the
left and English on the right; the table of absences, and passages of law that both end with, stand below both, once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil

from app.letters.blocks import Block, Kind
from app.letters.characters import width
from app.letters.window import POINTS_PER_MM
from app.letters.wording import Wording

COLUMN, BETWEEN = 81, 8
"""Of each column, and what is between them, in millimetres."""
TYPE, HEADING, SUBHEADING, LEADING = 9.5, 12, 10.2, 1.38
"""In points, and from line to line."""
INDENT = {Kind.LIST: 4.0, Kind.LAW: 3.8}
"""What is narrower than the column, in millimetres."""
MOST_HEIGHT = 700
"""Of a column, in millimetres: about three pages."""
MARK = "*"
"""Where a table belongs, and before what it is called."""
SIDE_BY_SIDE = "side by side"
TOO_WIDE = "one after the other, as a word in it is wider than a column"
TOO_LONG = "one after the other, as it is too long for columns"

PARTS = re.compile(r"[ \n\t]+|(?<=-)")
"""Between them a line may end."""
Piece = tuple[str, float, float]
"""A text, the size of its type, and how wide it may be, in points."""


@dataclass(frozen=True)
class Laid:
    """A letter as it is laid out; `how` in words where it is in two languages, else empty."""

    parts: tuple[Wording, ...]
    how: str = ""
    captions: tuple[Block, ...] = ()
    """Of the table below both columns, each with its language."""
    below: tuple[Block, ...] = ()

    @property
    def is_beside(self) -> bool:
        return self.how == SIDE_BY_SIDE


def laid_out(letter: Wording, values: Mapping[str, str]) -> Laid:
    """Of a letter whose fields are filled. `values`: every fact, empty where it is not told."""
    if letter.second is None:
        return Laid(letter.parts)
    how = next(filter(None, (_hindrance(part, values) for part in letter.parts)), SIDE_BY_SIDE)
    if how != SIDE_BY_SIDE:
        return Laid(letter.parts, how)
    columns = sorted(letter.parts, key=lambda part: _is_english(part.lang))
    below = _below(*columns)
    return Laid(
        tuple(_without(part, below) for part in columns),
        how,
        _captions(columns),
        below,
    )


def _is_english(lang: str) -> bool:
    return not lang or lang.startswith("en")


def _hindrance(part: Wording, values: Mapping[str, str]) -> str:
    pieces = list(_pieces(part, values))
    if any(width(word, size) > room for text, size, room in pieces for word in PARTS.split(text)):
        return TOO_WIDE
    return TOO_LONG if _height(pieces) > MOST_HEIGHT * POINTS_PER_MM else ""


def _pieces(part: Wording, values: Mapping[str, str]) -> Iterator[Piece]:
    yield part.heading, HEADING, COLUMN * POINTS_PER_MM
    for block in part.blocks:
        room = (COLUMN - INDENT.get(block.kind, 0)) * POINTS_PER_MM
        texts = signature(values) if block.kind is Kind.SIGNATURE else (block.text, *block.items)
        for text in filter(None, texts):
            yield text, SUBHEADING if block.kind is Kind.HEADING else TYPE, room


def signature(values: Mapping[str, str]) -> tuple[str, str, str]:
    """What is printed where a letter is signed, line by line."""
    email = f" · {values['writer_email']}" if values["writer_email"] else ""
    role = values["writer_role"] or "Case manager"
    return values["writer_name"], f"{role}, {values['service_name']}", f"Phone {values['writer_phone']}{email}"


def _height(pieces: Iterable[Piece]) -> float:
    """About how high it stands in its column, in points; what is between two pieces counts as half a line."""
    return sum((ceil(width(text, size) / room) + 0.5) * size * LEADING for text, size, room in pieces)


def _captions(parts: Iterable[Wording]) -> tuple[Block, ...]:
    """What the table is called in each language."""
    named = {
        block.text: replace(block, lang=block.lang or part.lang or "en-NZ")
        for part in parts
        for block in part.blocks
        if block.kind is Kind.ABSENCES
    }
    return tuple(named.values())


def _below(first: Wording, second: Wording) -> tuple[Block, ...]:
    """Passages of law that both have below the signature."""
    theirs = {block.text for block in _end(second)}
    return tuple(block for block in _end(first) if block.text in theirs)


def _end(part: Wording) -> list[Block]:
    kinds = [block.kind for block in part.blocks]
    signed = kinds.index(Kind.SIGNATURE) if Kind.SIGNATURE in kinds else len(kinds)
    return [block for block in part.blocks[signed:] if block.kind is Kind.LAW]


def _without(part: Wording, below: tuple[Block, ...]) -> Wording:
    said = {block.text for block in below}
    ends = {id(block) for block in _end(part) if block.text in said}
    return replace(part, blocks=tuple(block for block in part.blocks if id(block) not in ends))
