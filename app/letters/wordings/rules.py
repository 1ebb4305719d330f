"""With which text a letter is written, without asking the database (LET-9)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from app.letters.blocks import Known
from app.letters.facts import labels_of
from app.letters.fields import WordingRefused
from app.letters.ladders import Step, has_ours
from app.letters.languages import BETWEEN, ENGLISH, tag_of
from app.letters.purposes import Purpose
from app.letters.wording import Wording, file_of, law_on, of_content, wording_for

BLOCK_TAGS = frozenset({"", "en-NZ", "mi"})
"""In what a block may be, beside the language of its text."""

Key = tuple[Purpose, int, bool, str]
"""For which step a text is, whether that is a formal warning, and in which language."""


def key_of(step: Step, language: str) -> Key:
    return (step.purpose, step.number, step.is_formal, language)


@dataclass(frozen=True)
class OwnTexts:
    """An organisation's own texts that are in use; ours stands in for the English ones that it has not. A text serves a step of
    its own kind only: what was written as a formal warning is in no other letter, nor the other way round (LET-2)."""

    contents: Mapping[Key, str] = field(default_factory=dict)
    """JSON."""

    def wording(self, step: Step, languages: str, day: date) -> Wording:
        """What a letter in these languages (`Letter.languages`) is written with. Raises `WordingRefused` for a text with a
        fault, and where there is none for such a letter; a language in which there is no text is left out, and English is
        written where none is left."""
        found = [self._one(step, each, day) for each in self._written(step, languages)]
        return found[0].beside(found[1]) if len(found) > 1 else found[0]

    def has(self, step: Step, language: str) -> bool:
        return language == ENGLISH or key_of(step, language) in self.contents

    def lacks(self, step: Step, languages: str, day: date) -> bool:
        """Would it be written in English, and there is no text of that kind, neither its own nor ours?"""
        is_own = key_of(step, ENGLISH) in self.contents
        return ENGLISH in self._written(step, languages) and not (is_own or has_ours(step, day))

    def best_for(self, step: Step, written: str) -> str:
        """The language that somebody is written to in, by what is recorded of theirs; English where there is no text in it."""
        tag = tag_of(written)
        return tag if tag and self.has(step, tag) else ENGLISH

    def languages_of(self, step: Step) -> list[str]:
        """In which there is a text; English first."""
        which = key_of(step, "")[:-1]
        return [ENGLISH, *sorted({key[-1] for key in self.contents if key[:-1] == which} - {ENGLISH})]

    def _written(self, step: Step, languages: str) -> list[str]:
        return [each for each in languages.split(BETWEEN) if self.has(step, each)] or [ENGLISH]

    def _one(self, step: Step, language: str, day: date) -> Wording:
        if content := self.contents.get(key_of(step, language)):
            return of_version(content, step.purpose, step.number, language, day)
        if not has_ours(step, day):
            raise WordingRefused(f"{file_of(step.purpose, step.number)}: it is not for such a letter.")
        return wording_for(step.purpose, step.number, day)


OURS = OwnTexts()
"""Of an organisation that has none of its own in use."""


@lru_cache(maxsize=256)
def of_version(content: str, purpose: Purpose, step: int, language: str, day: date) -> Wording:
    """A version of an organisation's own text with the law of that day. Raises `WordingRefused`."""
    lang = "" if language == ENGLISH else language
    known = Known(law_on(day), frozenset(labels_of(purpose)), tags_in(language))
    return of_content(json.loads(content), file_of(purpose, step).removesuffix(".toml"), known, lang)


def tags_in(language: str) -> frozenset[str]:
    """The languages that blocks of a text may have; empty is that of the text."""
    return BLOCK_TAGS | {language} - {ENGLISH}


def digest_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def packed(content: Mapping[str, Any]) -> str:
    """As it is kept; the same for the same."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)
