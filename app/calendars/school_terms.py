"""The school terms of a year, as far as they are known (CAL-3)."""

import csv
from dataclasses import dataclass
from datetime import date

from app.calendars.regions import LISTS

TERMS = 4


@dataclass(frozen=True)
class Term:
    number: int
    from_on: date
    to_on: date


def terms_of(year: int) -> tuple[Term, ...]:
    """Those whose first and last day stand in the list; a year is known when there are four."""
    with (LISTS / "school_terms.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["year"] == str(year) and row["start"] and row["end"]]
    return tuple(
        Term(int(row["term"]), date.fromisoformat(row["start"]), date.fromisoformat(row["end"])) for row in rows
    )


def latest_term(day: date) -> Term | None:
    """The term that the day lies in, or the last one before it; None where the list says nothing of it."""
    begun = [term for year in (day.year - 1, day.year) for term in terms_of(year) if term.from_on <= day]
    return begun[-1] if begun else None
