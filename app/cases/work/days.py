"""Days as the reasons in My work name them."""

from datetime import date, time

from app.calendars.working_days import weekday_and_date, working_days_between
from app.core.days import by_the_clock
from app.core.figures import counted


def day_and_time(day: date, at: time | None) -> str:
    """Tue 10 March, 9:30 am."""
    return weekday_and_date(day) if at is None else f"{weekday_and_date(day)}, {by_the_clock(at)}"


def ago(day: date, region: str, today: date) -> str:
    """In working days, as far as there were any."""
    if day == today:
        return "today"
    days = working_days_between(day, today, region)
    return f"{counted(days, 'working day')} ago" if days >= 1 else f"on {weekday_and_date(day)}"


def for_how_long(day: date, region: str, today: date) -> str:
    """The same, of what goes on."""
    if day == today:
        return "since today"
    days = working_days_between(day, today, region)
    return f"for {counted(days, 'working day')}" if days >= 1 else f"since {weekday_and_date(day)}"
