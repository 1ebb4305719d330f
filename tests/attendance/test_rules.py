"""Days absent from half-days, and what is wrong with what was told (ATT-2, LET-5)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.attendance.rules import Absences, HalfDays, Week, fault_of, fault_of_weeks, in_days, mondays, most_open, summed

MONDAY, TODAY = date(2026, 10, 12), date(2026, 11, 17)
COUNTS = st.integers(0, 400)
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
HALF_DAYS = st.builds(HalfDays, COUNTS, COUNTS, COUNTS)
TOLD = Absences(
    MONDAY,
    MONDAY + timedelta(days=11),
    MONDAY + timedelta(days=11),
    HalfDays(20, 3, 4),
    "Aroha Ngata, by phone",
    TODAY,
    (Week(MONDAY, HalfDays(10, 1, 4)), Week(MONDAY + timedelta(days=7), HalfDays(10, 2, 0))),
)


@pytest.mark.parametrize(
    ("half_days", "words"), [(0, "0 days"), (1, "½ day"), (2, "1 day"), (3, "1½ days"), (9, "4½ days")]
)
def test_days_are_one_or_many(half_days: int, words: str) -> None:
    day = date(2026, 3, 2)
    assert Absences(day, day, day, HalfDays(20, 0, half_days), "", day).days_in_words == words


@pytest.mark.parametrize(("half_days", "said"), [(0, "0"), (1, "½"), (2, "1"), (3, "1½"), (25, "12½"), (30, "15")])
def test_half_days_are_said_as_days(half_days: int, said: str) -> None:
    assert in_days(half_days) == said


@given(COUNTS)
def test_what_is_said_is_half_of_what_was_counted(half_days: int) -> None:
    said = in_days(half_days)
    assert (float(said.rstrip("½") or 0) + 0.5 * said.endswith("½")) * 2 == half_days


@given(st.lists(HALF_DAYS))
def test_sums_of_weeks_are_sums_of_each_count(counted: list[HalfDays]) -> None:
    found = summed([Week(MONDAY + timedelta(weeks=number), each) for number, each in enumerate(counted)])
    assert found.open == sum(each.open for each in counted)
    assert found.explained == sum(each.explained for each in counted)
    assert found.absent == sum(each.absent for each in counted)
    assert found.attended + found.absent == found.open


@given(DAYS, st.integers(0, 366))
def test_the_weeks_of_a_period_hold_each_of_its_days_once(from_on: date, more: int) -> None:
    to_on = from_on + timedelta(days=more)
    found = mondays(from_on, to_on)
    assert all(day.weekday() == 0 for day in found)
    assert found[0] <= from_on <= found[0] + timedelta(days=6)
    assert found[-1] <= to_on <= found[-1] + timedelta(days=6)
    assert found == [found[0] + timedelta(weeks=number) for number in range(len(found))]


@given(DAYS, DAYS)
def test_a_period_has_the_half_days_of_its_weeks(one: date, another: date) -> None:
    from_on, to_on = sorted((one, another))
    assume(to_on - from_on < timedelta(days=400))
    within = [most_open(max(day, from_on), min(day + timedelta(days=6), to_on)) for day in mondays(from_on, to_on)]
    assert sum(within) == most_open(from_on, to_on)
    assert all(0 <= each <= 10 for each in within)


def test_a_period_that_ends_before_it_begins_has_no_weeks() -> None:
    assert mondays(MONDAY, MONDAY - timedelta(days=8)) == []


def test_what_is_in_order_has_no_fault() -> None:
    assert not fault_of(TOLD, TODAY)
    assert not fault_of(replace(TOLD, weeks=()), TODAY)


DAY = timedelta(days=1)
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "ends first": ("to_on", {"to_on": MONDAY - DAY}),
    "too long": ("to_on", {"from_on": MONDAY - timedelta(days=400)}),
    "older than its days": ("as_of", {"as_of": TOLD.to_on - DAY}),
    "as of tomorrow": ("as_of", {"as_of": TODAY + DAY}),
    "told tomorrow": ("told_on", {"told_on": TODAY + DAY}),
    "told before": ("told_on", {"told_on": TOLD.as_of - DAY}),
    "more absent than open": ("half_days_open", {"half_days": HalfDays(6, 3, 4), "weeks": ()}),
    "more open than there are": ("half_days_open", {"half_days": HalfDays(21, 3, 4), "weeks": ()}),
    "sums that are others": ("weeks", {"half_days": HalfDays(20, 3, 5)}),
    "nobody said so": ("source", {"source": "  "}),
    "too much said": ("source", {"source": "a" * 201}),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_beside_its_field(what: str) -> None:
    field, values = WRONG[what]
    assert field in fault_of(replace(TOLD, **values), TODAY)


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (Week(MONDAY, HalfDays(11, 0, 0)), "10 half-days"),
        (Week(MONDAY, HalfDays(5, 3, 3)), "More half-days absent"),
        (Week(MONDAY + timedelta(weeks=2), HalfDays(10, 0, 0)), "outside"),
    ],
)
def test_what_is_wrong_with_a_week_is_said_of_that_week(week: Week, words: str) -> None:
    told = replace(TOLD, weeks=(week,), half_days=week.half_days)
    assert words in fault_of_weeks(told)[week.from_on]
    assert "weeks" in fault_of(replace(TOLD, weeks=(*TOLD.weeks, week)), TODAY)


def test_a_week_that_the_period_cuts_has_fewer_half_days() -> None:
    told = replace(TOLD, from_on=MONDAY + 2 * DAY)
    assert fault_of_weeks(told) == {MONDAY: "Of this week 6 half-days lie in the period, weekends not counted"}
