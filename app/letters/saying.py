"""In which language a letter is written and with which text: what is in the way of it (LET-4, LET-9)."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

from app.core.errors import Refused
from app.letters.characters import lacking, named
from app.letters.ladders import Position, Step
from app.letters.languages import BETWEEN, ENGLISH, choices, in_order, name_of, tag_of, words_of
from app.letters.needed import fault_of_wording
from app.letters.points import Place, Point
from app.letters.purposes import Purpose
from app.letters.wording import WordingRefused
from app.letters.wordings.rules import OwnTexts

CHANGES_TEXT, WRITES_TEXT = "A lead changes the text", "A lead writes it"


class Says(Protocol):
    """What a letter rests on, of a case or without one."""

    @property
    def caregiver(self) -> Any: ...
    @property
    def texts(self) -> OwnTexts: ...
    @property
    def purpose(self) -> Purpose: ...


def languages_of(dossier: Says, step: Step | None) -> dict[str, str]:
    """In what the letter can be written, in words: English, and each language in which a text is in use, alone or with
    English."""
    tags = dossier.texts.languages_of(step) if step else [ENGLISH]
    return {languages: words_of(languages) for languages in choices(tags)}


def languages_for(dossier: Says, step: Step | None, wanted: str) -> str:
    """As somebody chose it; else the caregiver's own language where a text in it is in use, and English where there is none."""
    wanted = in_order(wanted)
    if step is None or wanted in languages_of(dossier, step):
        return wanted or ENGLISH
    return dossier.texts.best_for(step, dossier.caregiver.language)


def refuse_missing(dossier: Says, step: Step, wanted: str) -> None:
    """Raises `Refused` for a language that was chosen and in which no text is in use: nobody is written to in another one
    unawares."""
    if wanted and in_order(wanted) not in languages_of(dossier, step):
        lacks = [name_of(tag) for tag in wanted.split(BETWEEN) if not dossier.texts.has(step, tag)] or [wanted]
        raise Refused(f"For this letter no text in {' or '.join(lacks)} is in use. Choose its language again.")


def of_language(dossier: Says, languages: str) -> Point:
    """LET-4; a language in which there is no text is said, so that somebody thinks of an interpreter."""
    written, tag = dossier.caregiver.language.strip(), tag_of(dossier.caregiver.language)
    if not written or (tag == ENGLISH and tag in languages.split(BETWEEN)):
        return Point(f"Language: {written or 'English, as nothing else is said'}.")
    whose = f"{dossier.caregiver.name}’s language is {written}; the letter is in {words_of(languages)}"
    if tag in languages.split(BETWEEN):
        return Point(f"{whose}.")
    why = f", as no text in {name_of(tag)} is in use, or another was chosen" if tag else ""
    remedy = "Look at what is recorded, and think of an interpreter"
    return Point(f"{whose}{why}.", is_met=False, stops=False, remedy=remedy, place=Place.CAREGIVER)


def of_wording(texts: OwnTexts, stands: Position, languages: str, today: date) -> Iterator[Point]:
    """LET-9: a text without a fault, with the law of today, that the font can print."""
    if stands.step is None:
        return
    if texts.lacks(stands.step, languages, today):
        in_it = "" if languages == ENGLISH else f" in {name_of(ENGLISH)}"
        words = f"Letter {stands.step.number} has no text{in_it} yet: {stands.step.name}."
        yield Point(words, is_met=False, remedy=WRITES_TEXT, place=Place.WORDING)
        return
    try:
        wording = texts.wording(stands.step, languages, today)
    except WordingRefused as refusal:
        yield _of_fault(str(refusal))
        return
    if fault := fault_of_wording(wording, stands.step.purpose):
        yield _of_fault(f"{fault}.")
    if lacks := lacking(wording.all_text):
        words = f"The text of this letter: its font has no {', '.join(map(named, lacks))}."
        yield Point(words, is_met=False, remedy=CHANGES_TEXT, place=Place.WORDING)


def _of_fault(words: str) -> Point:
    said = f"The text of this letter has a fault. {words}"
    return Point(said, is_met=False, remedy=CHANGES_TEXT, place=Place.WORDING)
