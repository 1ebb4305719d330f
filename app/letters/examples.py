"""Invented facts, to look at a text with: the shortest letter that can be, and the longest (LET-9)."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from app.attendance.rules import HalfDays, Week
from app.core.lists import Row, rows
from app.letters.facts import Fact, Facts, labels_of
from app.letters.purposes import Purpose

FIELDS = Path(__file__).parent / "lists" / "fields.csv"
SOURCE = "Invented"
SHORT, LONG = "short", "long"
LONG_WEEKS, FROM_ON = 30, date(2026, 2, 2)


def fields_of_purpose(purpose: Purpose) -> list[Row]:
    """What may stand between braces in letters for a purpose: name, meaning, and an example of each kind."""
    known = labels_of(purpose)
    return [row for row in rows(FIELDS) if row["name"] in known]


@cache
def example(purpose: Purpose, size: str) -> Facts:
    """`SHORT`: nothing that a letter can do without, and no weeks; `LONG`: everything, and long."""
    told = {
        row["name"]: Fact(row[size].replace(" / ", "\n"), SOURCE) for row in fields_of_purpose(purpose) if row[size]
    }
    has_weeks = size == LONG and "days_absent" in told
    return Facts(told, _weeks() if has_weeks else (), purpose=purpose)


def _weeks() -> tuple[Week, ...]:
    return tuple(
        Week(FROM_ON + timedelta(weeks=number), HalfDays(10, number % 3, number * 3 % 5))
        for number in range(LONG_WEEKS)
    )
