"""What a letter has whatever is known of those it is about: a signature, a paragraph, and what letters for its purpose state
(LET-5, LET-8). A text whose conditions may leave one of them out is refused, with the blocks that it is about."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from app.letters.blocks import CONDITIONS, Kind, asked_by, holds
from app.letters.facts import LABELS
from app.letters.fields import FIELD
from app.letters.purposes import Purpose
from app.letters.wording import Wording

ABSENCES = ("days_absent", "period_from", "period_to", "as_of")
STATES = {
    Purpose.CA: ABSENCES,
    Purpose.NEN: ("last_attended_on", "school_days_since"),
    Purpose.SCHOOL: ABSENCES,
    Purpose.HOLIDAY: ("holiday_from", "holiday_to"),
}
"""LET-5: what every letter for a purpose says somewhere."""
KIND_WORDS = {
    Kind.HEADING: "heading",
    Kind.PARAGRAPH: "paragraph",
    Kind.LIST: "list",
    Kind.ABSENCES: "table of absences",
    Kind.LAW: "law passage",
    Kind.SIGNATURE: "signature",
}
ONE_SIGNATURE = "A letter has one block for the signature"
A_PARAGRAPH = "A letter says something: write at least one paragraph"
ALWAYS = "“Always”"


class Said(NamedTuple):
    """A block as far as it matters here; its number is its place."""

    number: int
    kind: Kind
    when: str
    names: frozenset[str]
    """Of its fields."""

    @property
    def place(self) -> str:
        return f"{self.number} ({KIND_WORDS[self.kind]})"


def said_by(number: int, kind: Kind, when: str, texts: Sequence[str]) -> Said:
    return Said(number, kind, when, frozenset(name for text in texts for name in FIELD.findall(text)))


@lru_cache(maxsize=256)
def fault_of_wording(wording: Wording, purpose: Purpose) -> str:
    """Of a text that is in use, also one that was put to use before this was asked; each of its languages."""
    parts = (
        (part.heading, [said_by(n, b.kind, b.when, (b.text, *b.items)) for n, b in enumerate(part.blocks, 1)])
        for part in wording.parts
    )
    return next(filter(None, (fault_of(heading, blocks, purpose) for heading, blocks in parts)), "")


def fault_of(heading: str, blocks: Sequence[Said], purpose: Purpose) -> str:
    """What some letter would lack that is written with these blocks, or nothing. What no block says is not asked for here."""
    if any(block.when not in CONDITIONS for block in blocks):
        return ""
    always = frozenset(FIELD.findall(heading))
    return _of_signature(blocks) or _of_paragraphs(blocks) or _of_states(blocks, purpose, always)


def _of_signature(blocks: Sequence[Said]) -> str:
    signed = [block for block in blocks if block.kind is Kind.SIGNATURE]
    if not signed or sum(not block.when for block in signed) > 1:
        return ONE_SIGNATURE
    if fault := _left_out(signed, "have no signature"):
        return fault
    if any(len(printed) > 1 for printed in _printed(signed)):
        return f"Blocks {_listed(signed)}: some letters would be signed twice. Leave one, and print it {ALWAYS}"
    return ""


def _of_paragraphs(blocks: Sequence[Said]) -> str:
    found = [block for block in blocks if block.kind is Kind.PARAGRAPH]
    return _left_out(found, "have no paragraph") if found else A_PARAGRAPH


def _of_states(blocks: Sequence[Said], purpose: Purpose, always: frozenset[str]) -> str:
    for name in STATES[purpose]:
        saying = [block for block in blocks if name in block.names]
        lacking = f"not say {{{name}}} ({LABELS[name].lower()}, LET-5)"
        if saying and name not in always and (fault := _left_out(saying, lacking)):
            return fault
    return ""


def _left_out(those: Sequence[Said], lacking: str) -> str:
    """Where some letter has none of them."""
    if all(_printed(those)):
        return ""
    if len(those) == 1:
        return f"Block {those[0].place} is not in every letter: some would {lacking}. Print it {ALWAYS}"
    return f"Blocks {_listed(those)} are not in every letter: some would {lacking}. Print one of them {ALWAYS}"


def _listed(those: Sequence[Said]) -> str:
    *others, last = (block.place for block in those)
    return f"{', '.join(others)} and {last}"


def _printed(those: Sequence[Said]) -> Iterator[list[Said]]:
    """Which of them are printed, for whatever can be known and not known."""
    asked = sorted({asked_by(block.when) for block in those if block.when})
    for each in product((False, True), repeat=len(asked)):
        is_known = {"": True, **dict(zip(asked, each, strict=True))}
        yield [block for block in those if holds(block.when, is_known=is_known[asked_by(block.when)])]
