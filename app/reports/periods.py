"""The time that a report looks at: a school term, or days that somebody writes."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from app.calendars.school_terms import TERMS, terms_of
from app.core.days import in_words


@dataclass(frozen=True)
class Period:
    """From and to, both days included; open where nothing is said."""

    from_on: date | None = None
    to_on: date | None = None
    words: str = ""

    def holds(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


ALL_TIME = Period()


def between(from_on: date | None, to_on: date | None) -> Period:
    """As somebody wrote it."""
    ends = [f"from {in_words(from_on)}" if from_on else "", f"until {in_words(to_on)}" if to_on else ""]
    return Period(from_on, to_on, " ".join(filter(None, ends)))


@cache
def terms_until(today: date) -> dict[str, Period]:
    """The terms of this year and the last that have begun, the newest first, by their code: "2026-4"."""
    begun = [(year, term) for year in (today.year - 1, today.year) for term in terms_of(year) if term.from_on <= today]
    return {
        f"{year}-{term.number}": Period(
            term.from_on,
            term.to_on,
            f"in term {term.number} of {year} ({_short(term.from_on)} to {_short(term.to_on)})",
        )
        for year, term in reversed(begun)
    }


@cache
def years_without_terms(today: date) -> list[int]:
    """Of the years that one can choose from, those whose terms are not all known here (CAL-3)."""
    return [year for year in (today.year - 1, today.year) if len(terms_of(year)) < TERMS]


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
