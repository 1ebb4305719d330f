"""The texts of letters: data, in our own words, checked when they are read (LET-8, LET-9).

A text is a file in texts/: what the letter is called, its first heading, and its blocks in their order."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.core.lists import is_valid_on, rows
from app.letters.facts import MAY_BE_EMPTY, Facts
from app.letters.fields import Incomplete, WordingRefused, fields_of, filled
from app.letters.purposes import Purpose

TEXTS = Path(__file__).parent / "texts"
LAW = Path(__file__).parent / "lists" / "law.csv"
LANGUAGES = frozenset({"", "en-NZ", "mi"})


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    ABSENCES = "absences"
    """The table of absences; its text is the caption."""
    LAW = "law"
    """A passage on the law that holds on the day, from lists/law.csv."""
    SIGNATURE = "signature"
    """Where whoever writes the letter signs it."""


KINDS = frozenset(kind.value for kind in Kind)
TEXT_OF = {Kind.LIST: "items", Kind.LAW: "law", Kind.SIGNATURE: ""}
"""The key that holds what a block says; for all other kinds `text`."""
NEEDS = {
    "has_te_reo_name": "service_name_mi",
    "has_year_level": "year_level",
    "has_email": "service_email",
    "has_writer_email": "writer_email",
    "is_after_letter": "former_sent_on",
}
"""Conditions that ask for a fact which a letter can do without."""
LACKS = {"is_first_letter": "former_sent_on"}
"""Conditions that hold where there is no such fact."""
CONDITIONS = frozenset({"", "has_weeks", "has_no_weeks", *NEEDS, *LACKS})


@dataclass(frozen=True)
class Block:
    """One part of a letter: what it is, what it says, in which language, and on which condition."""

    kind: Kind
    text: str = ""
    items: tuple[str, ...] = ()
    lang: str = ""
    """Empty: the letter's own, New Zealand English."""
    when: str = ""

    def applies_to(self, facts: Facts) -> bool:
        if asks := NEEDS.get(self.when) or LACKS.get(self.when):
            return bool(facts.values.get(asks, "").strip()) is (self.when in NEEDS)
        return not self.when or bool(facts.weeks) is (self.when == "has_weeks")


@dataclass(frozen=True)
class Wording:
    """The text of one step of a ladder; `digest` is the SHA-256 of it and of the law passages that hold on the day."""

    title: str
    """What the letter is called; has no fields, so that it names nobody."""
    digest: str
    heading: str
    blocks: tuple[Block, ...]

    @property
    def all_text(self) -> str:
        """Everything it says, to look for characters that cannot be printed."""
        return "".join([self.title, self.heading, *[block.text + "".join(block.items) for block in self.blocks]])

    def filled(self, facts: Facts) -> "Wording":
        """As one letter says it: its fields filled, without the blocks that do not apply. Raises `Incomplete`."""
        applying = (block for block in self.blocks if block.applies_to(facts))
        values = facts.values
        return replace(
            self,
            heading=filled(self.heading, values),
            blocks=tuple(
                replace(
                    block,
                    text=filled(block.text, values),
                    items=tuple(filled(item, values) for item in block.items),
                )
                for block in applying
            ),
        )


@lru_cache(maxsize=64)
def wording_for(purpose: Purpose, step: int, day: date) -> Wording:
    """The text of a step with the law of that day. Raises `WordingRefused` where there is none, or where it has a fault."""
    file = TEXTS / f"{purpose.lower()}-{step}.toml"
    if not file.exists():
        raise WordingRefused(f"{file.name}: there is no such text.")
    return read(file.read_text(encoding="utf-8"), file.name, law_on(day))


def law_on(day: date) -> dict[str, str]:
    """The law passages that hold on a day, by name."""
    return {row["name"]: row["text"] for row in rows(LAW) if is_valid_on(row, day)}


def read(toml: str, name: str, law: Mapping[str, str]) -> Wording:
    """A text, checked. Raises `WordingRefused` with the file's name, the block and the place."""
    try:
        content = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise WordingRefused(f"{name}: {error}") from error
    _refuse_others(content, {"title", "heading", "blocks"}, name)
    title = _text(content, "title", name)
    if fields_of(title, f"{name}, title"):
        raise WordingRefused(f"{name}, title: it stands in the properties of the file, and must name nobody.")
    heading = _checked(_text(content, "heading", name), "", f"{name}, heading")
    listed = content.get("blocks")
    if not isinstance(listed, list) or not all(isinstance(block, dict) for block in listed):
        raise WordingRefused(f"{name}: it needs [[blocks]].")
    blocks = tuple(_block(block, f"{name}, block {number}", law) for number, block in enumerate(listed, 1))
    said = json.dumps([title, heading, [asdict(block) for block in blocks]], ensure_ascii=False)
    return Wording(title, hashlib.sha256(said.encode()).hexdigest(), heading, blocks)


def _block(given: Mapping[str, Any], place: str, law: Mapping[str, str]) -> Block:
    kind, when, lang = (given.get(key, "") for key in ("kind", "when", "lang"))
    for what, value, known in (("kind", kind, KINDS), ("condition", when, CONDITIONS), ("language", lang, LANGUAGES)):
        if not isinstance(value, str) or value not in known:
            raise WordingRefused(f"{place}: there is no {what} “{value}”.")
    place = f"{place} ({kind})"
    key = TEXT_OF.get(Kind(kind), "text")
    _refuse_others(given, {"kind", "when", "lang", key}, place)
    block = Block(Kind(kind), lang=lang, when=when)
    if key == "items":
        return replace(block, items=_items(given, when, place))
    if key == "law":
        return replace(block, text=_passage(_text(given, key, place), law, place))
    return replace(block, text=_checked(_text(given, key, place), when, place)) if key else block


def _items(given: Mapping[str, Any], when: str, place: str) -> tuple[str, ...]:
    items = given.get("items")
    if not isinstance(items, list) or not items:
        raise WordingRefused(f"{place}: it needs items.")
    numbered = {f"item {number}": item for number, item in enumerate(items, 1)}
    return tuple(_checked(_text(numbered, name, place), when, f"{place}, {name}") for name in numbered)


def _passage(wanted: str, law: Mapping[str, str], place: str) -> str:
    if wanted not in law:
        raise WordingRefused(f"{place}: no law passage “{wanted}” holds on that day.")
    if fields_of(law[wanted], f"{place}, {wanted}"):
        raise WordingRefused(f"{place}: the law passage “{wanted}” says the same to everybody, and has no fields.")
    return law[wanted]


def _text(given: Mapping[str, Any], key: str, place: str) -> str:
    text = given.get(key)
    if not isinstance(text, str) or not text.strip():
        raise WordingRefused(f"{place}: it needs {key}, a text.")
    return text


def _checked(text: str, when: str, place: str) -> str:
    """A text whose fields are known, and have a value wherever the text is printed."""
    for name in fields_of(text, place):
        if name in MAY_BE_EMPTY and NEEDS.get(when) != name:
            raise WordingRefused(f"{place}: “{name}” may be empty; say so by a condition.")
    return text


def _refuse_others(given: Mapping[str, Any], known: set[str], place: str) -> None:
    if others := sorted(set(given) - known):
        raise WordingRefused(f"{place}: there is no key “{others[0]}”.")


__all__ = ["Block", "Incomplete", "Kind", "Wording", "WordingRefused", "law_on", "read", "wording_for"]
