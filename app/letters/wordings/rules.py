"""With which text a letter is written, without asking the database (LET-9)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from app.letters.blocks import Known
from app.letters.facts import labels_of
from app.letters.purposes import Purpose
from app.letters.wording import Wording, file_of, law_on, of_content, wording_for

ENGLISH = "en"
ENGLISH_TAGS = frozenset({"", "en-NZ", "mi"})
"""The languages of blocks in a text that is in English."""


@dataclass(frozen=True)
class OwnTexts:
    """An organisation's own texts that are in use, by purpose, step and language; ours stands in for the English ones that it
    has not."""

    contents: Mapping[tuple[Purpose, int, str], str] = field(default_factory=dict)
    """JSON."""

    def wording(self, purpose: Purpose, step: int, languages: str, day: date) -> Wording:
        """What a letter in these languages (`Letter.languages`) is written with. Raises `WordingRefused` for a text with a
        fault; a language in which there is no text is left out, and English is written where none is left."""
        found = [self._one(purpose, step, each, day) for each in languages.split("+") if self.has(purpose, step, each)]
        first = found[0] if found else self._one(purpose, step, ENGLISH, day)
        return first.beside(found[1]) if len(found) > 1 else first

    def has(self, purpose: Purpose, step: int, language: str) -> bool:
        return language == ENGLISH or (purpose, step, language) in self.contents

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
    known = Known(law_on(day), frozenset(labels_of(purpose)), ENGLISH_TAGS | {lang})
    return of_content(json.loads(content), file_of(purpose, step).removesuffix(".toml"), known, lang)
