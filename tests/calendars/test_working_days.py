import tracemalloc
from datetime import date, timedelta
from time import perf_counter

import pytest
from holidays import country_holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.public_holidays import holiday_on
from app.calendars.regions import region_for, regions
from app.calendars.working_days import (
    due_date,
    is_working_day,
    working_day_clock,
    working_days_between,
)
from app.cases.rules import contract_clock

STARTS = st.dates(date(2024, 6, 1), date(2031, 6, 1))
LIMITS = st.integers(1, 30)
REGIONS = st.sampled_from([region.code for region in regions()])
FRIDAY = date(2026, 1, 30)


def test_clock_explains_itself_in_a_line() -> None:
    clock = working_day_clock(FRIDAY, 5, "WGN", today=date(2026, 2, 5))
    assert clock.line() == "Day 4 of 5, due Mon 9 February; Waitangi Day not counted"
    assert (clock.day_number, clock.working_days_left, clock.is_past) == (4, 1, False)


def test_clock_explains_itself_day_by_day() -> None:
    clock = working_day_clock(FRIDAY, 5, "WGN", today=date(2026, 2, 2))
    assert [str(day) for day in clock.days] == [
        "Sat 31 January: Saturday",
        "Sun 1 February: Sunday",
        "Mon 2 February: day 1",
        "Tue 3 February: day 2",
        "Wed 4 February: day 3",
        "Thu 5 February: day 4",
        "Fri 6 February: Waitangi Day",
        "Sat 7 February: Saturday",
        "Sun 8 February: Sunday",
        "Mon 9 February: day 5",
    ]


def test_same_clock_ends_a_day_later_where_the_anniversary_falls_in_it() -> None:
    assert due_date(date(2026, 3, 5), 5, "WGN") == date(2026, 3, 12)
    assert due_date(date(2026, 3, 5), 5, "TKI") == date(2026, 3, 13)
    line = working_day_clock(date(2026, 3, 5), 5, "TKI", date(2026, 3, 5)).line()
    assert line == "Day 0 of 5, due Fri 13 March; Taranaki Anniversary Day not counted"


def test_several_holidays_are_all_named() -> None:
    clock = working_day_clock(date(2026, 4, 1), 5, "STL", today=date(2026, 4, 2))
    assert clock.line() == (
        "Day 1 of 5, due Mon 13 April; Good Friday, Easter Monday and Southland Anniversary Day not counted"
    )


def test_a_holiday_on_a_weekend_is_just_the_weekend() -> None:
    clock = working_day_clock(date(2026, 4, 24), 1, "WGN", today=date(2026, 4, 24))
    assert [day.why_not for day in clock.days] == ["Saturday", "Sunday", "Anzac Day (observed)", ""]


@pytest.mark.parametrize(
    ("today", "line"),
    [
        (date(2026, 5, 15), "Day 5 of 5, due today, Fri 15 May"),
        (date(2026, 5, 16), "Was due Fri 15 May, no working day since"),
        (date(2026, 5, 18), "Was due Fri 15 May, 1 working day ago"),
        (date(2026, 5, 20), "Was due Fri 15 May, 3 working days ago"),
    ],
)
def test_end_of_the_clock_reads_well(today: date, line: str) -> None:
    clock = working_day_clock(date(2026, 5, 8), 5, "WGN", today)
    assert clock.line() == line
    assert clock.is_past == (today > date(2026, 5, 15))


def test_a_past_clock_counts_on_to_today() -> None:
    clock = working_day_clock(date(2026, 5, 8), 5, "WGN", today=date(2026, 5, 19))
    assert clock.days[-1].date == clock.due_on
    assert (clock.due_on, clock.working_days_left) == (date(2026, 5, 15), -2)
    assert clock.number_on(date(2026, 5, 13)) == 3


def test_holidays_after_the_due_day_are_not_in_the_line() -> None:
    clock = working_day_clock(date(2026, 5, 22), 1, "WGN", today=date(2026, 6, 2))
    assert clock.not_counted == ()


def test_a_clock_without_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        working_day_clock(FRIDAY, 0, "WGN", FRIDAY)


@given(STARTS, LIMITS, REGIONS, st.integers(0, 60))
def test_due_day_is_the_nth_working_day_after_the_start(start: date, limit: int, region: str, passed: int) -> None:
    today = start + timedelta(days=passed)
    clock = working_day_clock(start, limit, region, today)
    assert clock.due_on == due_date(start, limit, region)
    assert is_working_day(clock.due_on, region)
    assert working_days_between(start, clock.due_on, region) == limit
    assert clock.day_number == working_days_between(start, today, region)


@given(STARTS, LIMITS, REGIONS, st.integers(0, 60))
def test_days_stand_without_a_gap_and_each_has_a_number_or_a_reason(
    start: date, limit: int, region: str, passed: int
) -> None:
    clock = working_day_clock(start, limit, region, start + timedelta(days=passed))
    assert [day.date for day in clock.days] == [start + timedelta(days=n + 1) for n in range(len(clock.days))]
    assert all((day.number is None) == bool(day.why_not) for day in clock.days)
    numbers = [day.number for day in clock.days if day.number]
    assert numbers == list(range(1, limit + 1))
    assert clock.days[-1].date == clock.due_on


@given(STARTS, st.integers(0, 1500), REGIONS)
def test_days_between_are_those_one_counts_by_hand(start: date, passed: int, region: str) -> None:
    days = [start + timedelta(days=n) for n in range(1, passed + 1)]
    by_hand = sum(day.weekday() < 5 and not holiday_on(day, region) for day in days)
    assert working_days_between(start, start + timedelta(days=passed), region) == by_hand


@pytest.mark.parametrize("region", [region.code for region in regions()])
@settings(max_examples=15)
@given(st.dates(date(2025, 1, 1), date(2029, 12, 31)), LIMITS)
def test_a_clock_ends_where_a_count_day_by_day_in_another_calendar_ends(region: str, start: date, limit: int) -> None:
    """Five years, every region; the days come from the library, not from our list."""
    elsewhere = country_holidays("NZ", subdiv=region_for(region).library, years=range(2025, 2031))
    days = (start + timedelta(days=n) for n in range(1, 100))
    counted = [day for day in days if day.weekday() < 5 and day not in elsewhere][:limit]
    clock = working_day_clock(start, limit, region, counted[-1])
    assert (clock.due_on, clock.day_number, clock.working_days_left) == (counted[-1], limit, 0)
    assert [day.date for day in clock.days if day.number] == counted


def test_the_clocks_of_old_cases_take_no_room() -> None:
    """A country has thousands of starts, some years ago; a web process keeps their clocks for a day."""
    starts = [date(2022, 1, 3) + timedelta(days=n) for n in range(1000)]
    tracemalloc.start()
    try:
        for start in starts:
            contract_clock(start, "WGN", date(2026, 11, 20)).line()
        assert tracemalloc.get_traced_memory()[0] < 3_000_000
    finally:
        tracemalloc.stop()


@given(STARTS, STARTS, REGIONS)
def test_days_between_count_back_as_they_count_on(one: date, other: date, region: str) -> None:
    assert working_days_between(one, other, region) == -working_days_between(other, one, region)


def test_a_due_day_is_found_in_well_under_a_millisecond() -> None:
    due_date(FRIDAY, 10, "WGN")
    began = perf_counter()
    for _ in range(1_000):
        due_date(FRIDAY, 10, "WGN")
    assert perf_counter() - began < 1
