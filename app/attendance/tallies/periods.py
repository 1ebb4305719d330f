"""A term of a student at a school, as the marks add up, and whether the school has said that they are right (ATT-2, ATT-4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from app.attendance.tallying import Tally

BEFORE = 4
"""Former terms that are shown beside the present one."""
TERMS_OF_YEAR = 4
PROVISIONAL, CONFIRMED = "Provisional", "Confirmed by the school"
SUMS = tuple(field.name for field in fields(Tally))


@dataclass(frozen=True)
class TermOfStudent:
    """Days from `from_on` to `to_on`, which is also the last day of which the school sent marks, or the last one on its roll."""

    school_id: int
    school_name: str
    term: int
    """20264 is term 4 of 2026."""
    sums: Tally
    from_on: date
    to_on: date
    confirmed_at: datetime | None = None
    confirmed_by: str = ""

    @classmethod
    def of(cls, row: Any) -> "TermOfStudent":
        """A row with a TermTally, the name of its school, and when and by whom the term was confirmed."""
        found = row.TermTally
        days = (found.from_on, found.to_on)
        return cls(
            found.school_id, row.school_name, found.term, sums_of(found), *days, row.at, row.by_name if row.at else ""
        )

    @property
    def words(self) -> str:
        return term_words(self.term)

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def standing(self) -> str:
        return CONFIRMED if self.is_confirmed else PROVISIONAL


def sums_of(found: Any) -> Tally:
    """Of a row of sums."""
    return Tally(**{name: getattr(found, name) for name in SUMS})


def term_words(code: int) -> str:
    """20264 is "Term 4 of 2026"."""
    year, number = divmod(code, 10)
    return f"Term {number} of {year}"


def terms_back(code: int, number: int) -> int:
    """The code of the term so many before one: of 20261 the one before is 20254."""
    year, term = divmod(code, 10)
    back = year * TERMS_OF_YEAR + term - 1 - number
    return back // TERMS_OF_YEAR * 10 + back % TERMS_OF_YEAR + 1


def lately(terms: Iterable[TermOfStudent], present: int) -> list[TermOfStudent]:
    """Of the present term, whose code it is, and the four before it."""
    return [each for each in terms if terms_back(present, BEFORE) <= each.term <= present]


def together(terms: Sequence[TermOfStudent]) -> Tally:
    """All of them as one: at several schools, in several terms."""
    return Tally(**{name: sum(getattr(each.sums, name) for each in terms) for name in SUMS})
