from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock


def test_now_is_aware_utc_with_microseconds() -> None:
    with time_machine.travel(datetime(2026, 3, 3, 1, 2, 3, 456789, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 3, 3, 1, 2, 3, 456789, tzinfo=UTC)
        assert clock.now().utcoffset() == timedelta(0)


def test_today_is_new_zealands_and_the_chathams_are_ahead() -> None:
    with time_machine.travel(datetime(2026, 7, 1, 11, 30, tzinfo=UTC), tick=False):
        assert clock.today() == date(2026, 7, 1)
        assert clock.today(clock.PACIFIC_CHATHAM) == date(2026, 7, 2)


def test_new_zealand_time_follows_daylight_saving() -> None:
    assert clock.nz(datetime(2026, 1, 1, tzinfo=UTC)).isoformat() == "2026-01-01T13:00:00+13:00"
    assert clock.nz(datetime(2026, 7, 1, tzinfo=UTC)).isoformat() == "2026-07-01T12:00:00+12:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        clock.nz(clock.now().replace(tzinfo=None))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_are_calendar_months(day: date, months: int, expected: date) -> None:
    assert clock.add_months(day, months) == expected


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-300, 300))
def test_adding_months_lands_in_that_month(day: date, months: int) -> None:
    later = clock.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
