"""The only source of times: instants are aware UTC, dates are New Zealand's (CAL-4)."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PACIFIC_AUCKLAND = ZoneInfo("Pacific/Auckland")
PACIFIC_CHATHAM = ZoneInfo("Pacific/Chatham")


def now() -> datetime:
    return datetime.now(UTC)


def today(tz: ZoneInfo = PACIFIC_AUCKLAND) -> date:
    """The date where the school is: Auckland's, or Chatham's for a Chatham school."""
    return now().astimezone(tz).date()


def nz(instant: datetime, tz: ZoneInfo = PACIFIC_AUCKLAND) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("this time has no zone: take times from core.clock")
    return instant.astimezone(tz)


def begin_of(day: date) -> datetime:
    """The instant at which this day begins in New Zealand."""
    return datetime.combine(day, time(), tzinfo=PACIFIC_AUCKLAND)


def end_of(day: date) -> datetime:
    """The instant at which it is over: the first of the next one."""
    return begin_of(day + timedelta(days=1))


def next_hour(after: datetime, hour: int) -> datetime:
    """The next time that the clocks in Auckland say this full hour."""
    local = nz(after)
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    return datetime.combine(day, time(hour), tzinfo=PACIFIC_AUCKLAND)


def add_months(day: date, months: int) -> date:
    """The same day of the month, or that month's last day; negative counts back."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
