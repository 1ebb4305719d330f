"""What somebody looks for, from what they typed; without asking the database."""

import re
from dataclasses import dataclass
from datetime import date

from app.cases.numbers import WRITTEN, case_number, parse
from app.core.days import made, written
from app.core.text import words
from app.students.words import FEWEST_DIGITS, OF_A_PHONE, address_sought, phone_sought

MOST_WORDS = 8
"""Nobody types more words of a name: a student's two names rarely have so many."""
_SPACED = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{4})")


@dataclass(frozen=True)
class Sought:
    """A case number typed whole, a date of birth, the digits of a phone or a national student number, or the folded words of
    a name, longest first: it is the one that fewest begin with; which may be those of an address as well."""

    number: str = ""
    words: tuple[str, ...] = ()
    born_on: date | None = None
    national_number: str = ""
    phone: str = ""
    address: str = ""

    @property
    def is_nothing(self) -> bool:
        """Neither a letter nor a digit."""
        return self == Sought()

    @property
    def looks_like_number(self) -> bool:
        """Digits only, and no whole case number: some are missing, or the check digit does not fit."""
        return bool(self.phone) or (bool(self.words) and all(word.isdecimal() for word in self.words))

    @property
    def is_too_much(self) -> bool:
        return len(self.words) > MOST_WORDS and not self.address


def sought(text: str) -> Sought:
    """Each as people write it. Who looks for a day or for digits looks for no name."""
    bare = text.strip().removeprefix("#").strip()
    number = case_number(*found) if not bare.startswith("0") and (found := parse(bare)) else ""
    if not number and (born_on := _born_on(bare)):
        return Sought(born_on=born_on)
    digits = _digits(bare)
    if number or digits:
        return Sought(number=number, national_number=digits, phone="" if number else phone_sought(bare))
    return Sought(words=_needed(words(bare)), address=address_sought(bare))


def _needed(typed: tuple[str, ...]) -> tuple[str, ...]:
    """Whoever has a word that begins with *ngata* has one that begins with *nga*: it need not be asked for again."""
    each = dict.fromkeys(typed)
    needed = [word for word in each if not any(other.startswith(word) for other in each if other != word)]
    return tuple(sorted(needed, key=len, reverse=True))


def _born_on(text: str) -> date | None:
    """A day with its year: without one it is the name of a month, or no day of birth."""
    found = written(_SPACED.sub(r"\1/\2/\3", text) if _SPACED.fullmatch(text) else text)
    return made(found.year, found.month, found.day) if found and found.year is not None else None


def _digits(text: str) -> str:
    """As they stand there, without what parts them; nothing where they are few, or not all, or written as a case number is."""
    if WRITTEN.fullmatch(text):
        return ""
    digits = "".join(each for each in text if each.isdecimal())
    return digits if OF_A_PHONE.issuperset(text) and len(digits) >= FEWEST_DIGITS else ""
