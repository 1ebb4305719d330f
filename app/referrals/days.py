"""Days as they stand in a list of what a school has done: in the past, with their time, or only about when."""

import re
from datetime import date, timedelta

from app.core.days import in_words, made, without_weekday, written

NO_SUCH_DAY = "There is no such day. The day comes first here: 3/2/26 is 3 February 2026"
A_NUMBER = "This is a number, not a day. Write the day, for example 3/2/26, or about when"
STILL_TO_COME = "This day is still to come. Write when it was"
_TIME = re.compile(r"[ T]+(at )?\d{1,2}[:.]\d\d(:\d\d(\.\d+)?)?\s*([ap]\.?m\.?)?Z?$", re.IGNORECASE)
_LIKE_A_DAY = re.compile(r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,6})?")
_NUMBER = re.compile(r"\d{5,}([.,]\d*)?")
_SERIAL = re.compile(r"(\d{5})(\.\d+)?")
_SERIALS_FROM, _OF_THIS_CENTURY = date(1899, 12, 30), range(36_526, 73_051)
"""Excel counts days from then."""
_TO_COME = re.compile(r"(tomorrow|next (week|month|term|year))\b", re.IGNORECASE)


def day_in(text: str, *, today: date) -> date | None:
    """The day that this says, if it says one; without a year the latest that is not still to come."""
    found = written(_without_time(text))
    if found is None:
        return None
    if found.year is not None:
        return made(found.year, found.month, found.day)
    days = [day for year in (today.year, today.year - 1) if (day := made(year, found.month, found.day))]
    return next((day for day in days if day <= today), None)


def is_dated(text: str, *, today: date) -> bool:
    """It says a day that there was, not about when."""
    day = day_in(text, today=today)
    return day is not None and day <= today


def as_in_sheet(text: str, *, today: date) -> str:
    """The same of a cell in a column of days, where a number that Excel keeps for a day is one."""
    found = _SERIAL.fullmatch(text.strip())
    if found and int(found[1]) in _OF_THIS_CENTURY:
        return in_words(_SERIALS_FROM + timedelta(days=int(found[1])))
    return as_written(text, today=today)


def as_written(text: str, *, today: date) -> str:
    """A day in one way of writing; what says no day, such as “last week”, stays as it is."""
    day = day_in(text, today=today)
    return in_words(day) if day else text


def fault_of_when(text: str, *, today: date) -> str:
    """What is wrong with it; nothing with words that say about when."""
    day = day_in(text, today=today)
    if day is None:
        bare = without_weekday(_without_time(text))
        if _NUMBER.fullmatch(bare):
            return A_NUMBER
        return NO_SUCH_DAY if _means_a_day(bare) else STILL_TO_COME if _TO_COME.match(bare) else ""
    return STILL_TO_COME if day > today else ""


def _without_time(text: str) -> str:
    return _TIME.sub("", text.strip())


def _means_a_day(bare: str) -> bool:
    """Written as days are, whether or not there is one: 31/9, 29 February 2025."""
    found = written(bare)
    return bool(_LIKE_A_DAY.fullmatch(bare)) or bool(found and found.month)
