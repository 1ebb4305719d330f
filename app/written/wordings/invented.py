"""The letters that a text becomes with invented facts, on the organisation's own letterhead, page by page (LET-9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.core import clock
from app.core.pdf.press import Picture
from app.letters.examples import LONG, SHORT, example
from app.letters.facts import Facts
from app.letters.languages import ENGLISH, name_of
from app.letters.letterheads.queries import letterhead_for, logo_for
from app.letters.letterheads.sample import facts_with, printed
from app.letters.page import layout, tables
from app.letters.wording import Wording
from app.letters.wordings.queries import TextHere, content_of, text_for
from app.letters.wordings.rules import OwnTexts, key_of, of_version, packed
from app.people.queries import Actor
from app.written.wordings.places import SIZE_WORDS, address_of

ALONE, BESIDE = "alone", "beside"
SIZES, HOW = (SHORT, LONG), (ALONE, BESIDE)


@dataclass(frozen=True)
class Sheets:
    """A text as letters are written with it, or one version of it; and which page of which letter is asked for."""

    text: TextHere
    public_id: str = ""
    size: str = SHORT
    how: str = ALONE
    number: int = 1

    @property
    def content(self) -> Mapping[str, Any]:
        row = self.text.version(self.public_id)
        return content_of(row) if row else self.text.now

    @property
    def here(self) -> str:
        at = f"versions/{self.public_id}/" if self.public_id else ""
        return f"{address_of(self.text)}{at}"

    @cached_property
    def wordings(self) -> dict[str, Wording]:
        """The text alone; one in another language also beside the English one, where there is one. Raises `WordingRefused`."""
        text, today = self.text, clock.today()
        alone = of_version(packed(self.content), text.purpose, text.step.number, text.language, today)
        english = OwnTexts({key_of(text.step, ENGLISH): text.english} if text.english else {})
        if text.language == ENGLISH or english.lacks(text.step, ENGLISH, today):
            return {ALONE: alone}
        return {ALONE: alone, BESIDE: alone.beside(english.wording(text.step, ENGLISH, today))}


@dataclass(frozen=True)
class Invented:
    """One letter that a text becomes."""

    at: str
    words: str
    facts: Facts
    wording: Wording
    pictures: Sequence[Picture] = ()

    @property
    def layout(self) -> str:
        """How its two languages stand, in words."""
        return layout(self.facts, self.wording).how

    @property
    def parts(self) -> Sequence[Wording]:
        """As the text of it is shown beside it."""
        return self.wording.filled(self.facts).parts

    @property
    def tables(self) -> Sequence[Any]:
        return tuple(tables(self.facts))


def sheets_for(
    actor: Actor,
    purpose: str,
    step: str,
    language: str,
    public_id: str = "",
    *,
    size: str = SHORT,
    how: str = ALONE,
    page: int = 1,
) -> Sheets | None:
    """Of a text of the actor's organisation, or of one version of it."""
    text = text_for(actor, purpose, step, language)
    if text is None or (public_id and text.version(public_id) is None) or size not in SIZES or how not in HOW:
        return None
    return Sheets(text, public_id, size, how, page)


def invented_with(actor: Actor, sheets: Sheets) -> list[Invented]:
    """Every letter that the text becomes, set. Raises as `sample.printed` does, and `WordingRefused`."""
    return _set(actor, sheets, [(size, how) for how in sheets.wordings for size in SIZES])


def page_of(actor: Actor, sheets: Sheets) -> Picture | None:
    """The one that is asked for; none where the letter has no such page. Raises as `invented_with`."""
    if sheets.how not in sheets.wordings:
        return None
    (letter,) = _set(actor, sheets, [(sheets.size, sheets.how)])
    return letter.pictures[sheets.number - 1] if 1 <= sheets.number <= len(letter.pictures) else None


def _set(actor: Actor, sheets: Sheets, which: Sequence[tuple[str, str]]) -> list[Invented]:
    head, logo, text = letterhead_for(actor), logo_for(actor), sheets.text
    if head is None:
        return []
    told = {size: facts_with(head, example(text.purpose, size), logo) for size in SIZES}
    beside = f", {name_of(text.language)} and English"
    letters = [
        Invented(
            f"{size}/{how}",
            SIZE_WORDS[size] + (beside if how == BESIDE else ""),
            told[size],
            sheets.wordings[how],
        )
        for size, how in which
    ]
    made = printed([(letter.facts, letter.wording) for letter in letters], logo)
    return [replace(letter, pictures=each.pictures) for letter, each in zip(letters, made, strict=True)]
