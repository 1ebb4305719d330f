"""The blocks of a letter's text: each checked when it is read, and refused with its place (LET-8, LET-9)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.letters.facts import LABELS, MAY_BE_EMPTY, Facts
from app.letters.fields import WordingRefused, fields_of, filled

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
HAS_WEEKS, HAS_NO_WEEKS = "has_weeks", "has_no_weeks"
WEEKS = frozenset({HAS_WEEKS, HAS_NO_WEEKS})
CONDITIONS = frozenset({"", *WEEKS, *NEEDS, *LACKS})


@dataclass(frozen=True)
class Block:
    """One part of a letter: what it is, what it says, in which language, and on which condition."""

    kind: Kind
    text: str = ""
    items: tuple[str, ...] = ()
    lang: str = ""
    """Empty: the letter's own."""
    when: str = ""

    def applies_to(self, facts: Facts) -> bool:
        asks = asked_by(self.when)
        is_known = bool(facts.weeks) if asks == HAS_WEEKS else bool(facts.values.get(asks, "").strip())
        return holds(self.when, is_known=is_known)

    def filled(self, values: Mapping[str, str]) -> "Block":
        return replace(self, text=filled(self.text, values), items=tuple(filled(item, values) for item in self.items))


def asked_by(when: str) -> str:
    """What a condition is about: the name of a fact, or the weeks; nothing where it always holds."""
    return NEEDS.get(when) or LACKS.get(when) or (HAS_WEEKS if when else "")


def holds(when: str, *, is_known: bool) -> bool:
    """Does a condition hold, where what it asks for is known or not?"""
    return not when or is_known is (when in {HAS_WEEKS, *NEEDS})


@dataclass(frozen=True)
class Known:
    """What a text may point at: the law passages of a day by name, the fields of its purpose, the languages of blocks."""

    law: Mapping[str, str]
    fields: Collection[str] = frozenset(LABELS)
    languages: Collection[str] = LANGUAGES


def block_of(given: Mapping[str, Any], place: str, known: Known) -> Block:
    """Raises `WordingRefused`, which begins with the place."""
    kind, when, lang = (given.get(key, "") for key in ("kind", "when", "lang"))
    asked = (("kind", kind, KINDS), ("condition", when, CONDITIONS), ("language", lang, known.languages))
    for what, value, allowed in asked:
        if not isinstance(value, str) or value not in allowed:
            raise WordingRefused(f"{place}: there is no {what} “{value}”.")
    place = f"{place} ({kind})"
    key = TEXT_OF.get(Kind(kind), "text")
    refuse_others(given, {"kind", "when", "lang", key}, place)
    block = Block(Kind(kind), lang=lang, when=when)
    if key == "items":
        return replace(block, items=_items(given, when, place, known))
    if key == "law":
        return replace(block, text=_passage(text_of(given, key, place), known.law, place))
    return replace(block, text=checked(text_of(given, key, place), when, place, known)) if key else block


def text_of(given: Mapping[str, Any], key: str, place: str) -> str:
    text = given.get(key)
    if not isinstance(text, str) or not text.strip():
        raise WordingRefused(f"{place}: it needs {key}, a text.")
    return text


def checked(text: str, when: str, place: str, known: Known) -> str:
    """A text whose fields are known, and have a value wherever the text is printed."""
    for name in fields_of(text, place, known.fields):
        if name in MAY_BE_EMPTY and NEEDS.get(when) != name:
            raise WordingRefused(f"{place}: “{name}” may be empty; say so by a condition.")
    return text


def refuse_others(given: Iterable[str], known: set[str], place: str) -> None:
    if others := sorted(set(given) - known):
        raise WordingRefused(f"{place}: there is no key “{others[0]}”.")


def _items(given: Mapping[str, Any], when: str, place: str, known: Known) -> tuple[str, ...]:
    items = given.get("items")
    if not isinstance(items, list) or not items:
        raise WordingRefused(f"{place}: it needs items.")
    numbered = {f"item {number}": item for number, item in enumerate(items, 1)}
    return tuple(checked(text_of(numbered, name, place), when, f"{place}, {name}", known) for name in numbered)


def _passage(wanted: str, law: Mapping[str, str], place: str) -> str:
    if wanted not in law:
        raise WordingRefused(f"{place}: no law passage “{wanted}” holds on that day.")
    if fields_of(law[wanted], f"{place}, {wanted}"):
        raise WordingRefused(f"{place}: the law passage “{wanted}” says the same to everybody, and has no fields.")
    return law[wanted]
