"""Days, halves of days and codes as student management systems write them (ATT-1)."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.calendars.school_calendar import Half

FIRST_DAY_OF_EXCEL = date(1899, 12, 30)
SERIALS = range(36_526, 73_050)
"""Of the days from 2000 to 2099, as Excel counts them."""
FORMATS = ("%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y", "%Y%m%d")
HALVES: Mapping[str, Half] = {
    **dict.fromkeys(("am", "a.m.", "a", "1", "morning", "m", "first", "h1"), Half.MORNING),
    **dict.fromkeys(("pm", "p.m.", "p", "2", "afternoon", "second", "h2"), Half.AFTERNOON),
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d.*)?", re.ASCII)
_NZ = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?: \d.*)?", re.ASCII)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[ ,]+", re.IGNORECASE)


@lru_cache(8192)
def day_of(text: str) -> date | None:
    """3/11/2026 is the third of November; also 2026-11-03, 3 Nov 2026, and the number that Excel gives a day."""
    said = _WEEKDAY.sub("", text.strip())
    if found := _ISO.fullmatch(said):
        return _made(int(found[1]), int(found[2]), int(found[3]))
    if found := _NZ.fullmatch(said):
        year = int(found[3])
        return _made(year if year > 99 else 2000 + year, int(found[2]), int(found[1]))
    if said.isascii() and said.isdigit() and len(said) == 5 and int(said) in SERIALS:
        return FIRST_DAY_OF_EXCEL + timedelta(days=int(said))
    return next((day for way in FORMATS if (day := _read(said, way))), None)


def half_of(text: str) -> Half | None:
    """AM or PM, 1 or 2, morning or afternoon."""
    return HALVES.get(text.strip().casefold())


@lru_cache(1024)
def both_of(text: str) -> tuple[str, str] | None:
    """The codes of a whole day in one cell: “PM”, “P M”, “P/M”; of one letter nobody knows which half it is."""
    said = re.sub(r"[\s/,;|-]", "", text).upper()
    return (said[0], said[1]) if len(said) == 2 else None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _read(text: str, way: str) -> date | None:
    try:
        return datetime.strptime(text, way).date()  # noqa: DTZ007 (a day, of no time zone)
    except ValueError:
        return None
