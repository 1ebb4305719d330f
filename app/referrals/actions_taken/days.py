"""Days as people in New Zealand write them: the day first, then the month."""

import re
from contextlib import suppress
from datetime import date

NO_SUCH_DAY = "There is no such day. The day comes first here: 3/2/26 is 3 February 2026"
STILL_TO_COME = "This day is still to come. Write when it was"
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_TIME = re.compile(r"[ T]+(at )?\d{1,2}[:.]\d\d(:\d\d(\.\d+)?)?\s*([ap]\.?m\.?)?Z?$", re.IGNORECASE)
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d\d))?")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?(?:[ -](\d{4}|\d\d))?", re.IGNORECASE)
_MONTH_DAY = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", re.IGNORECASE)
_LIKE_A_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,6})?")
_TO_COME = re.compile(r"(tomorrow|next (week|month|term|year))\b", re.IGNORECASE)


def day_in(text: str, *, today: date) -> date | None:
    """The day that this says, if it says one; without a year the latest that is not still to come."""
    bare = _WEEKDAY.sub("", _TIME.sub("", text.strip()))
    if found := _YEAR_FIRST.fullmatch(bare):
        return _day(found[1], found[2], found[3], today)
    if found := _NUMBERS.fullmatch(bare):
        return _day(found[3], found[2], found[1], today)
    if found := _DAY_MONTH.fullmatch(bare):
        return _day(found[3], found[2], found[1], today)
    if found := _MONTH_DAY.fullmatch(bare):
        return _day(found[3], found[1], found[2], today)
    return None


def as_written(text: str, *, today: date) -> str:
    """A day in one way of writing; what says no day, such as “last week”, stays as it is."""
    day = day_in(text, today=today)
    return f"{day.day} {day:%B %Y}" if day else text


def fault_of_when(text: str, *, today: date) -> str:
    """What is wrong with it; nothing with words that say about when."""
    day = day_in(text, today=today)
    if day is None:
        bare = _WEEKDAY.sub("", _TIME.sub("", text.strip()))
        return NO_SUCH_DAY if _means_a_day(bare) else STILL_TO_COME if _TO_COME.match(bare) else ""
    return STILL_TO_COME if day > today else ""


def _means_a_day(bare: str) -> bool:
    """Written as days are, whether or not there is one: 31/9, 29 February 2025."""
    named = (_DAY_MONTH.fullmatch(bare), 2), (_MONTH_DAY.fullmatch(bare), 1)
    return bool(_LIKE_A_DAY.fullmatch(bare)) or any(found and _month(found[place]) for found, place in named)


def _day(year: str | None, month: str, day: str, today: date) -> date | None:
    number = int(month) if month.isdecimal() else _month(month)
    if year is None:
        years = (today.year, today.year - 1)
        found = [made for each in years if (made := _made(each, number, int(day))) and made <= today]
        return found[0] if found else None
    return _made(int(year) + 2000 if len(year) == 2 else int(year), number, int(day))


def _month(word: str) -> int:
    """By its first letters: Feb, sept, June; no month: 0."""
    return next((number for number, name in enumerate(MONTHS, 1) if name.startswith(word.lower())), 0)


def _made(year: int, month: int, day: int) -> date | None:
    with suppress(ValueError):
        return date(year, month, day)
    return None
