"""School days since a day: by terms and holidays, and said where the list does not reach (CAL-3, LET-5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_days import SchoolDays, school_day_after, school_days_since

WGN = SchoolCalendar("WGN")
LISTED = st.dates(date(2025, 2, 10), date(2026, 12, 17))


@given(start=LISTED, count=st.integers(1, 60), region=st.sampled_from(["WGN", "AUK", "TKI", "CIT"]))
def test_it_is_what_a_day_so_many_school_days_after_says(start: date, count: int, region: str) -> None:
    """The two count alike, on the day and a day before."""
    after = school_day_after(start, count, SchoolCalendar(region))
    if after and after.day.year < 2027:
        assert school_days_since(start, after.day, SchoolCalendar(region)) == SchoolDays(count, is_all=True)
        assert school_days_since(start, after.day - timedelta(days=1), SchoolCalendar(region)).count == count - 1


@pytest.mark.parametrize(
    ("start", "end", "region", "count"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), "WGN", 0),  # the day itself is none
        (date(2026, 3, 6), date(2026, 3, 8), "WGN", 0),  # a weekend
        (date(2026, 3, 6), date(2026, 3, 9), "WGN", 1),
        (date(2026, 3, 6), date(2026, 3, 9), "TKI", 0),  # Taranaki's day
        (date(2026, 4, 2), date(2026, 4, 19), "WGN", 0),  # holidays between terms
        (date(2026, 4, 2), date(2026, 4, 20), "WGN", 1),
        (date(2026, 11, 27), date(2026, 11, 30), "CIT", 0),  # the day of the Chatham Islands
        (date(2026, 11, 27), date(2026, 11, 30), "WGN", 1),
        (date(2025, 12, 19), date(2026, 2, 8), "WGN", 0),  # a summer
        (date(2025, 12, 19), date(2026, 2, 9), "WGN", 1),
    ],
)
def test_terms_holidays_and_days_of_a_region(start: date, end: date, region: str, count: int) -> None:
    assert school_days_since(start, end, SchoolCalendar(region)) == SchoolDays(count, is_all=True)


def test_a_time_that_the_list_does_not_know_is_said() -> None:
    """Before its first year, and in a term whose end nobody knows."""
    assert not school_days_since(date(2019, 5, 1), date(2026, 3, 6), WGN).is_all
    assert school_days_since(date(2026, 12, 18), date(2027, 2, 2), WGN) == SchoolDays(0, is_all=True)
    assert school_days_since(date(2026, 12, 17), date(2027, 3, 1), WGN) == SchoolDays(1, is_all=False)


def test_how_it_is_said() -> None:
    said = [SchoolDays(count, is_all).words for count, is_all in ((1, True), (57, True), (1042, False))]
    assert said == ["1 school day", "57 school days", "at least 1,042 school days"]
