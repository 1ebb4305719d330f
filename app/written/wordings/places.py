"""Where the pages of texts are, and what all of them show."""

from typing import Any

from flask import request

from app.core import clock
from app.core.lists import Row, is_valid_on, rows
from app.letters.blocks import KINDS, WEEKS, Kind
from app.letters.examples import LONG, SHORT, example, fields_of_purpose
from app.letters.fields import Incomplete, WordingRefused
from app.letters.languages import ENGLISH, name_of
from app.letters.page import tables
from app.letters.purposes import Purpose
from app.letters.wording import LAW
from app.letters.wordings.checking import KIND_WORDS
from app.letters.wordings.comparing import condition_words
from app.letters.wordings.queries import TextHere
from app.letters.wordings.rules import of_version, packed

PURPOSE_WORDS = {
    Purpose.CA: "Chronic absence",
    Purpose.NEN: "Non-enrolment",
    Purpose.SCHOOL: "Days away from school",
    Purpose.HOLIDAY: "A holiday in term time",
}
SIZE_WORDS = {SHORT: "The shortest letter", LONG: "The longest letter"}


def texts_address() -> str:
    return f"/{request.blueprint}/settings/letters/"


def address_of(text: TextHere) -> str:
    return f"{texts_address()}{text.purpose}/{text.at}/{text.language}/"


def name_in_words(text: TextHere) -> str:
    """“Non-enrolment, letter 2, in Samoan”."""
    kind = "a formal warning, " if text.step.is_formal else ""
    return f"{PURPOSE_WORDS[text.purpose]}, letter {text.step.number}, {kind}in {name_of(text.language)}"


def law_rows() -> list[Row]:
    """The passages that hold today: what they say, since when, and from where."""
    return [row for row in rows(LAW) if is_valid_on(row, clock.today())]


def choices(text: TextHere) -> dict[str, Any]:
    """What an editor of this text offers."""
    has_absences = "days_absent" in {row["name"] for row in fields_of_purpose(text.purpose)}
    conditions = {name: words for name, words in condition_words().items() if has_absences or name not in WEEKS}
    own = {"": name_of(text.language)}
    others = {"en-NZ": "English", "mi": "te reo Māori"}
    return {
        "kinds": {
            kind: KIND_WORDS[Kind(kind)] for kind in Kind if kind in KINDS and (has_absences or kind != Kind.ABSENCES)
        },
        "conditions": conditions,
        "languages": own | {tag: name for tag, name in others.items() if tag[:2] != text.language},
        "law": law_rows(),
        "fields": fields_of_purpose(text.purpose),
    }


def previews(text: TextHere, content: Any) -> list[tuple[str, Any, Any]]:
    """The text with invented facts: the shortest letter that can be, and the longest; each with its tables. Nothing of a text
    with a fault."""
    try:
        wording = of_version(packed(content), text.purpose, text.step.number, text.language, clock.today())
        told = [(words, example(text.purpose, size)) for size, words in SIZE_WORDS.items()]
        return [(words, wording.filled(facts), (facts.values, tuple(tables(facts)))) for words, facts in told]
    except (WordingRefused, Incomplete):
        return []


def lang_of(text: TextHere) -> str:
    return "en-NZ" if text.language == ENGLISH else text.language
