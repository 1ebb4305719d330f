"""Counting school days by the list of terms: what the list does not know is assumed as CAL-3 says, and said."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.calendars.school_terms import TermRow, term_rows
from app.calendars.working_days import is_working_day, weekday_and_date

LONGEST_TERM = timedelta(weeks=12)


@dataclass(frozen=True)
class SchoolDay:
    """A day, and what had to be assumed to come to it; empty where nothing had."""

    day: date
    assumed: str


def school_day_after(start: date, days: int, region: str) -> SchoolDay | None:
    """The last of so many school days after the start; None where the list knows too little to say."""
    assumed: list[str] = []
    for row, day in _days_after(start, region):
        if (said := _assumed(row, start)) and said not in assumed:
            assumed.append(said)
        days -= 1
        if not days:
            return SchoolDay(day, "; ".join(assumed))
    return None


def _days_after(start: date, region: str) -> Iterator[tuple[TermRow, date]]:
    """Monday to Friday in a term, without holidays; up to a term whose end is not known, since nothing beyond it is."""
    for row in term_rows(start.year) + term_rows(start.year + 1):
        if row.from_on is None:
            return
        last = row.to_on or row.from_on + LONGEST_TERM
        day = max(row.from_on, start + timedelta(days=1))
        while day <= last:
            if is_working_day(day, region):
                yield row, day
            day += timedelta(days=1)
        if row.to_on is None:
            return


def _assumed(row: TermRow, start: date) -> str:
    """Of a term that begins while it is counted: that its first day is assumed; of one without an end: that nobody knows it."""
    term = f"Term {row.number} {row.from_on.year}" if row.from_on else ""
    is_begun = row.from_on is None or row.from_on <= start
    begins = f"{term} is assumed to begin {weekday_and_date(row.from_on)}" if row.from_on and row.is_assumed else ""
    ends = f"when {term} ends is not known yet" if row.to_on is None else ""
    return ", and ".join(said for said in ("" if is_begun else begins, ends) if said)
