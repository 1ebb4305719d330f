"""What is wrong with a text that somebody wrote, all of it at once, each with its place (LET-5, LET-8, LET-9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from app.letters.blocks import Block, Kind, Known, block_of, checked
from app.letters.characters import lacking, named
from app.letters.facts import LABELS, labels_of
from app.letters.fields import FIELD, WordingRefused
from app.letters.needed import KIND_WORDS, STATES, fault_of, said_by
from app.letters.purposes import Purpose
from app.letters.wording import law_on, title_of
from app.letters.wordings.rules import tags_in

MOST_BLOCKS, MOST_ITEMS = 60, 30
LIMITS = {"title": 120, "heading": 200}
LONGEST_TEXT = 3000
"""Characters of a block, or of one item of a list."""
WHOLE = "blocks"
"""The place of what is wrong with the blocks as a whole."""
EMPTY = {
    Kind.LIST: "write its items, each on a line of its own, or remove the block",
    Kind.LAW: "choose a law passage, or remove the block",
    Kind.ABSENCES: "write what stands above the table, or remove the block",
}


def faults_of(content: Mapping[str, Any], purpose: Purpose, language: str, day: date) -> dict[str, str]:
    """Place → what is wrong there. A place is `title`, `heading`, the number of a block, or `blocks`."""
    known = Known(law_on(day), frozenset(labels_of(purpose)), tags_in(language))
    blocks = content["blocks"]
    found = {"title": _of_title(content), "heading": _of_line("heading", content["heading"], known)}
    found |= {str(number): _of_block(block, number, purpose, known) for number, block in enumerate(blocks, 1)}
    found[WHOLE] = _of_all(content["heading"], blocks, purpose)
    return {place: fault for place, fault in found.items() if fault}


def _of_title(content: Mapping[str, Any]) -> str:
    title = content["title"]
    if fault := _of_text("The name of the letter", title, LIMITS["title"]):
        return fault
    try:
        title_of(content, "The name of the letter")
    except WordingRefused:
        return "The name of the letter stands in the properties of the file: it has no braces, and names nobody"
    return ""


def _of_line(what: str, text: str, known: Known) -> str:
    name = "The first heading"
    if fault := _of_text(name, text, LIMITS[what]):
        return fault
    try:
        checked(text, "", name, known)
    except WordingRefused as refused:
        return _said(refused)
    return ""


def _of_block(given: Mapping[str, Any], number: int, purpose: Purpose, known: Known) -> str:
    kind = Kind(given["kind"])
    place = f"Block {number} ({KIND_WORDS[kind]})"
    texts = _texts(given)
    if kind is not Kind.SIGNATURE and not any(text.strip() for text in texts):
        return f"{place}: {EMPTY.get(kind, 'write what it says, or remove the block')}"
    if kind is Kind.ABSENCES and "days_absent" not in labels_of(purpose):
        return f"{place}: this letter states no days absent (LET-5). Remove the block"
    if len(texts) > MOST_ITEMS:
        return f"{place}: {MOST_ITEMS} items at most"
    for text in texts if kind is not Kind.LAW else ():
        if fault := _of_text(place, text, LONGEST_TEXT):
            return fault
    try:
        block_of(given, f"Block {number}", known)
    except WordingRefused as refused:
        return _said(refused).replace(f"({kind})", f"({KIND_WORDS[kind]})")
    return ""


def _of_text(place: str, text: str, longest: int) -> str:
    if not text.strip():
        return f"{place}: write what it says"
    if len(text) > longest:
        return f"{place}: {len(text):,} characters are too many. Make it shorter, {longest:,} at most"
    if lacks := lacking(text):
        return f"{place}: the letters’ font has no {', '.join(map(named, lacks[:5]))}. Write it with other letters"
    return ""


def _of_all(heading: str, blocks: Sequence[Mapping[str, Any]], purpose: Purpose) -> str:
    if not blocks or len(blocks) > MOST_BLOCKS:
        return f"A letter has at least one block, and {MOST_BLOCKS} at most"
    said = [
        said_by(number, Kind(block["kind"]), block.get("when", ""), _texts(block))
        for number, block in enumerate(blocks, 1)
    ]
    names = {*FIELD.findall(heading), *chain.from_iterable(block.names for block in said)}
    if missing := [name for name in STATES[purpose] if name not in names]:
        named_so = ", ".join(f"{{{name}}} ({LABELS[name].lower()})" for name in missing)
        return f"This letter has to say, somewhere: {named_so} (LET-5)"
    return fault_of(heading, said, purpose)


def _texts(given: Mapping[str, Any]) -> list[str]:
    return [*given.get("items", ()), *(given[key] for key in ("text", "law") if key in given)]


def _said(refused: WordingRefused) -> str:
    return str(refused).removesuffix(".")


__all__ = ["KIND_WORDS", "LIMITS", "LONGEST_TEXT", "MOST_BLOCKS", "WHOLE", "Block", "faults_of"]
