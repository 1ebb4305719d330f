"""What somebody looks for, from what they typed; without asking the database."""

from dataclasses import dataclass

from app.cases.numbers import case_number, parse
from app.core.text import words

MOST_WORDS = 8
"""Nobody types more words of a name: a student's two names rarely have so many."""


@dataclass(frozen=True)
class Sought:
    """A case number typed whole, or the folded words of a name, longest first: it is the one that fewest begin with."""

    number: str = ""
    words: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Neither a letter nor a digit."""
        return not (self.number or self.words)

    @property
    def looks_like_number(self) -> bool:
        """Digits only, and no whole case number: some are missing, or the check digit does not fit."""
        return bool(self.words) and all(word.isdecimal() for word in self.words)

    @property
    def is_too_much(self) -> bool:
        return len(self.words) > MOST_WORDS


def sought(text: str) -> Sought:
    """Whoever has a word that begins with *ngata* has one that begins with *nga*: it need not be asked for again."""
    if number := parse(text.strip().removeprefix("#")):
        return Sought(number=case_number(*number))
    typed = dict.fromkeys(words(text))
    needed = [word for word in typed if not any(other.startswith(word) for other in typed if other != word)]
    return Sought(words=tuple(sorted(needed, key=len, reverse=True)))
