"""Days as the reasons in My work name them."""

from datetime import date, time

from app.calendars.working_days import weekday_and_date, working_days_between


def day_and_time(day: date, at: time | None) -> str:
    """Tue 10 March, 9:30 am."""
    if at is None:
        return weekday_and_date(day)
    return f"{weekday_and_date(day)}, {at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def ago(day: date, region: str, today: date) -> str:
    """In working days, as far as there were any."""
    if day == today:
        return "today"
    days = working_days_between(day, today, region)
    if days < 1:
        return f"on {weekday_and_date(day)}"
    return "1 working day ago" if days == 1 else f"{days} working days ago"


def for_how_long(day: date, region: str, today: date) -> str:
    """The same, of what goes on."""
    if day == today:
        return "since today"
    days = working_days_between(day, today, region)
    if days < 1:
        return f"since {weekday_and_date(day)}"
    return "for 1 working day" if days == 1 else f"for {days} working days"
