"""Two versions of a text, block by block and word by word (LET-9)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from app.core.lists import rows
from app.letters.languages import name_of
from app.letters.wording import TEXTS
from app.letters.wordings.checking import KIND_WORDS

CONDITIONS = TEXTS.parent / "lists" / "conditions.csv"
REGION = "-NZ"
"""Of New Zealand English."""

WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


def condition_words() -> dict[str, str]:
    """When a block is in a letter, as a lead reads it."""
    return {row["name"]: row["words"] for row in rows(CONDITIONS)}


class Part(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Line:
    """A block of either text, or of both: what it is, and its words in pieces."""

    label: str
    pieces: tuple[tuple[Part, str], ...]

    @property
    def is_same(self) -> bool:
        return all(part is Part.SAME for part, _ in self.pieces)


def compared(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Line]:
    """Every block of both texts in the order in which they are read."""
    before, after = list(_lines(was)), list(_lines(now))
    found: list[Line] = []
    for how, low, high, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            found += [Line(label, ((Part.SAME, text),)) for label, text in before[low:high]]
        else:
            found += _replaced(before[low:high], after[first:last])
    return found


def _replaced(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Iterator[Line]:
    """Blocks of one kind are compared word by word, in their order; what is left was removed or added."""
    left = list(after)
    for label, text in before:
        if left and left[0][0] == label:
            yield Line(label, _words(text, left.pop(0)[1]))
        else:
            yield Line(label, ((Part.REMOVED, text),))
    for label, text in left:
        yield Line(label, ((Part.ADDED, text),))


def _words(was: str, now: str) -> tuple[tuple[Part, str], ...]:
    before, after = WORDS.findall(was), WORDS.findall(now)
    found: list[tuple[Part, str]] = []
    for how, low, high, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            found.append((Part.SAME, "".join(before[low:high])))
            continue
        found += [(Part.REMOVED, "".join(before[low:high]))] if high > low else []
        found += [(Part.ADDED, "".join(after[first:last]))] if last > first else []
    return tuple(found)


def _lines(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Name of the letter", content["title"]
    yield "First heading", content["heading"]
    for block in content["blocks"]:
        yield _label(block), "\n".join(block.get("items", ())) or block.get("text") or block.get("law") or ""


def _label(block: Mapping[str, Any]) -> str:
    """“Paragraph (in Māori; only where a letter went before: {former_sent_on})”."""
    tag, when = block.get("lang", ""), block.get("when", "")
    about = [f"in {name_of(tag.removesuffix(REGION))}"] if tag else []
    about += [condition_words().get(when, when).replace("Only", "only", 1)] if when else []
    kind = KIND_WORDS[block["kind"]].capitalize()
    return f"{kind} ({'; '.join(about)})" if about else kind
