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
from app.letters.ladders import Step
from app.letters.languages import BETWEEN, ENGLISH, tag_of
from app.letters.purposes import Purpose
from app.letters.wording import Wording, file_of, law_on, of_content, wording_for

BLOCK_TAGS = frozenset({"", "en-NZ", "mi"})
"""In what a block may be, beside the language of its text."""


@dataclass(frozen=True)
class OwnTexts:
    """An organisation's own texts that are in use, by purpose, step and language; ours stands in for the English ones that it
    has not."""

    contents: Mapping[tuple[Purpose, int, str], str] = field(default_factory=dict)
    """JSON."""

    def wording(self, purpose: Purpose, step: int, languages: str, day: date) -> Wording:
        """What a letter in these languages (`Letter.languages`) is written with. Raises `WordingRefused` for a text with a
        fault; a language in which there is no text is left out, and English is written where none is left."""
        found = [
            self._one(purpose, step, each, day) for each in languages.split(BETWEEN) if self.has(purpose, step, each)
        ]
        first = found[0] if found else self._one(purpose, step, ENGLISH, day)
        return first.beside(found[1]) if len(found) > 1 else first

    def has(self, purpose: Purpose, step: int, language: str) -> bool:
        return language == ENGLISH or (purpose, step, language) in self.contents

    def has_own(self, step: Step, languages: str) -> bool:
        """In one of these languages."""
        return any((step.purpose, step.number, each) in self.contents for each in languages.split(BETWEEN))

    def best_for(self, purpose: Purpose, step: int, written: str) -> str:
        """The language that somebody is written to in, by what is recorded of theirs; English where there is no text in it."""
        tag = tag_of(written)
        return tag if tag and self.has(purpose, step, tag) else ENGLISH

    def languages_of(self, purpose: Purpose, step: int) -> list[str]:
        """In which there is a text; English first."""
        return [ENGLISH, *sorted({key[2] for key in self.contents if key[:2] == (purpose, step)} - {ENGLISH})]

    def _one(self, purpose: Purpose, step: int, language: str, day: date) -> Wording:
        content = self.contents.get((purpose, step, language))
        return of_version(content, purpose, step, language, day) if content else wording_for(purpose, step, day)


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
