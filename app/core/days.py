"""Days as people in New Zealand write them: the day first, then the month, as a number or a word."""

import re
from contextlib import suppress
from datetime import date, time
from typing import NamedTuple

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d\d))?", re.ASCII)
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?(?:[ -](\d{4}|\d\d))?", re.IGNORECASE | re.ASCII
)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", re.IGNORECASE | re.ASCII)


class Written(NamedTuple):
    """What stands there; the month 0 where there is no such word. Whether there was such a day is another question."""

    day: int
    month: int
    year: int | None


def written(text: str) -> Written | None:
    """3/2/26, 3 February 2026, Tue 3 Feb, February 3, 2026-02-03; None of anything else."""
    bare = without_weekday(text)
    if found := _YEAR_FIRST.fullmatch(bare):
        return _read(found[3], found[2], found[1])
    if found := _NUMBERS.fullmatch(bare) or _DAY_MONTH.fullmatch(bare):
        return _read(found[1], found[2], found[3])
    if found := _MONTH_DAY.fullmatch(bare):
        return _read(found[2], found[1], found[3])
    return None


def without_weekday(text: str) -> str:
    return _WEEKDAY.sub("", text.strip())


def nearest(text: str, *, today: date) -> date | None:
    """The day that this says, if there is one; without a year the one nearest to today."""
    found = written(text)
    if found is None:
        return None
    years = [found.year] if found.year is not None else [today.year - 1, today.year, today.year + 1]
    days = [day for year in years if (day := made(year, found.month, found.day))]
    return min(days, key=lambda day: abs(day - today), default=None)


def in_words(day: date) -> str:
    """3 March 2026."""
    return f"{day.day} {day:%B} {day.year}"


def by_the_clock(at: time) -> str:
    """3:30 pm."""
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def made(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day)
    return None


def _read(day: str, month: str, year: str | None) -> Written:
    number = int(month) if month.isdecimal() else _month(month)
    if year is None:
        return Written(int(day), number, None)
    return Written(int(day), number, int(year) + 2000 if len(year) == 2 else int(year))


def _month(word: str) -> int:
    """By its first letters: Feb, sept, June."""
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word.lower())), 0)
