"""The school terms of a year, as far as they are known (CAL-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from app.calendars.regions import LISTS
from app.core.lists import Row, rows

TERMS_LISTED = LISTS / "school_terms.csv"
TERMS = 4
Said = Mapping[tuple[int, int], tuple[date, date]]
"""Year and number of a term: its first and last day, as a school said them."""
NOTHING_SAID: Said = {}


@dataclass(frozen=True)
class Term:
    number: int
    from_on: date
    to_on: date


def _rows(year: int) -> list[Row]:
    return [row for row in rows(TERMS_LISTED) if row["year"] == str(year)]


def terms_of(year: int) -> tuple[Term, ...]:
    """Those whose first and last day stand in the list; a year is known when there are four."""
    return tuple(
        Term(int(row["term"]), date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
        for row in _rows(year)
        if row["start"] and row["end"]
    )


@cache
def listed_years() -> tuple[int, ...]:
    """Those that the list has rows for, in order."""
    return tuple(sorted({int(row["year"]) for row in rows(TERMS_LISTED)}))


@dataclass(frozen=True)
class TermRow:
    """A term as it counts for a school: as it said it itself; else as the list has it, where there is a latest possible start
    that one."""

    number: int
    from_on: date | None
    to_on: date | None
    is_assumed: bool
    """Schools choose the first day, and this one has not said it (CAL-3)."""
    is_said: bool = False
    """By the school itself."""
    is_inferred: bool = False
    """Nobody has said the first day, and marks say that the term had begun."""


@cache
def term_rows(year: int) -> tuple[TermRow, ...]:
    """Every term of the year that the list has a row for; with no days where it has none."""
    return tuple(map(_term_row, _rows(year)))


def _term_row(row: Row) -> TermRow:
    begins, ends = row["fallback_start"] or row["start"], row["end"]
    return TermRow(
        int(row["term"]),
        date.fromisoformat(begins) if begins else None,
        date.fromisoformat(ends) if ends else None,
        begins != row["start"],
    )


@dataclass(frozen=True)
class TermOfYear:
    """A term of a year from the first day on which a school can have begun it."""

    year: int
    number: int
    from_on: date
    to_on: date | None
    """None where the list does not know it yet."""

    @property
    def code(self) -> int:
        """20264 is term 4 of 2026."""
        return self.year * 10 + self.number

    @property
    def words(self) -> str:
        return term_words(self.code)


def year_and_number(code: int) -> tuple[int, int]:
    """20264 is term 4 of 2026."""
    year, number = divmod(code, 10)
    return year, number


def term_words(code: int) -> str:
    """What a term is called: "term 4 of 2026"."""
    year, number = year_and_number(code)
    return f"term {number} of {year}"


def term_at(day: date, said: Said = NOTHING_SAID) -> TermOfYear | None:
    """The term that the day lies in, or the last one before it; None where neither the list nor the school says anything of
    it."""
    begun = [term for year in (day.year - 1, day.year) for term in _of_year(year, said) if term.from_on <= day]
    return begun[-1] if begun else None


def earliest_start(year: int) -> date:
    """Of the first term, before which no school begins it; the first day of the year where the list does not say."""
    return next((term.from_on for term in _listed(year) if term.number == 1), date(year, 1, 1))


def is_in_term(from_on: date, to_on: date, said: Said = NOTHING_SAID) -> bool:
    """Does a day of this time lie in a term? Where nobody knows its end, in one that has begun."""
    terms = (term for year in range(from_on.year, to_on.year + 1) for term in _of_year(year, said))
    return any(term.from_on <= to_on and (term.to_on is None or term.to_on >= from_on) for term in terms)


@cache
def _listed(year: int) -> tuple[TermOfYear, ...]:
    found = ((int(row["term"]), row["start"] or row["fallback_start"], row["end"]) for row in _rows(year))
    return tuple(
        TermOfYear(year, number, date.fromisoformat(begins), date.fromisoformat(ends) if ends else None)
        for number, begins, ends in found
        if begins
    )


def _of_year(year: int, said: Said) -> list[TermOfYear]:
    listed = {term.number: term for term in _listed(year)}
    own = {number: TermOfYear(year, number, *days) for (of, number), days in said.items() if of == year}
    return [term for _, term in sorted({**listed, **own}.items())]
