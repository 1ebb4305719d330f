"""Dates as people say them; a line of text as lines of HTML."""

from datetime import date, datetime, time

from flask import Flask

from app.core import clock
from app.core.days import by_the_clock, in_words


def set_up(app: Flask) -> None:
    app.jinja_env.filters.update(nzdate=nzdate, birthdate=birthdate, nztime=nztime, clocktime=clocktime, ago=ago)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def nzdate(day: date | datetime) -> str:
    """Tue 3 March; with the year when it is not this year's."""
    day = clock.nz(day).date() if isinstance(day, datetime) else day
    year = "" if day.year == clock.today().year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%B}{year}"


def birthdate(day: date) -> str:
    """4 January 2012: whoever checks it against the roll needs the year, and no weekday."""
    return in_words(day)


def nztime(at: datetime) -> str:
    """Tue 3 March, 3:30 pm."""
    return f"{nzdate(at)}, {clocktime(at)}"


def clocktime(at: datetime | time) -> str:
    """3:30 pm, New Zealand time; a time without a day is of there."""
    return by_the_clock(at if isinstance(at, time) else clock.nz(at).time())


def ago(at: datetime) -> str:
    """today, 9:12 am; yesterday; Tue 3 March."""
    days = (clock.today() - clock.nz(at).date()).days
    if days == 0:
        return f"today, {clocktime(at)}"
    return "yesterday" if days == 1 else nzdate(at)
