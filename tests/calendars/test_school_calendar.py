"""On which days one school is open, against the plainest way of counting (CAL-1, CAL-3, T6)."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.public_holidays import holidays_in, is_inferred
from app.calendars.regions import region_for, regions
from app.calendars.school_calendar import Closure, Half, SchoolCalendar
from app.calendars.school_days import SchoolDays, school_day_after, school_days_since

DAY = timedelta(days=1)
TERM_ONE = (date(2026, 2, 2), date(2026, 4, 2))
TERM_TWO = (date(2026, 4, 20), date(2026, 7, 3))
IN_TERMS = st.dates(TERM_ONE[0], TERM_TWO[1])
CLOSURES = st.lists(
    st.builds(
        lambda day, days, half: Closure(day, day + days * DAY, "Closed", half),
        IN_TERMS,
        st.integers(0, 6),
        st.sampled_from([None, *Half]),
    ),
    max_size=6,
)


def every(from_on: date, to_on: date) -> Iterator[date]:
    while from_on <= to_on:
        yield from_on
        from_on += DAY


def open_halves(region: str, closures: list[Closure], from_on: date, to_on: date) -> dict[tuple[date, Half], bool]:
    """Each half of each day, one by one."""
    closed = {
        (day, half)
        for each in closures
        for day in every(each.from_on, each.to_on)
        for half in ([each.half] if each.half else Half)
    }
    free = set(holidays_in(2026, region)) | {date(2026, 4, 7)}
    terms = [*every(*TERM_ONE), *every(*TERM_TWO)]
    return {
        (day, half): day in terms and day.weekday() < 5 and day not in free and (day, half) not in closed
        for day in every(from_on, to_on)
        for half in Half
    }


@given(closures=CLOSURES, since=IN_TERMS, until=IN_TERMS, region=st.sampled_from(["WGN", "AUK", "TKI", "STL", "OTA"]))
def test_school_days_are_those_with_an_open_half(
    closures: list[Closure], since: date, until: date, region: str
) -> None:
    calendar = SchoolCalendar(region, {(2026, 1): TERM_ONE, (2026, 2): TERM_TWO}, closures)
    halves = open_halves(region, closures, since + DAY, until)
    days = {day for (day, _), is_open in halves.items() if is_open}
    assert school_days_since(since, until, calendar).count == len(days)
    if days:
        after = school_day_after(since, len(days), calendar)
        assert after is not None
        assert after.day == max(days)


@given(closures=CLOSURES, region=st.sampled_from(["WGN", "AUK", "TKI"]))
def test_half_days_of_a_term(closures: list[Closure], region: str) -> None:
    calendar = SchoolCalendar(region, {(2026, 2): TERM_TWO}, closures)
    assert calendar.half_days(*TERM_TWO) == sum(open_halves(region, closures, *TERM_TWO).values())


def test_what_the_school_said_takes_the_place_of_the_list() -> None:
    calendar = SchoolCalendar("WGN", {(2026, 1): TERM_ONE})
    row = calendar.terms(2026)[0]
    assert (row.from_on, row.is_said, row.is_assumed) == (TERM_ONE[0], True, False)
    assert [each.is_said for each in calendar.terms(2026)] == [True, False, False, False]
    assert SchoolCalendar("WGN").terms(2026)[0].is_assumed
    assert school_days_since(date(2026, 1, 30), date(2026, 2, 9), calendar) == SchoolDays(5, is_all=True)
    assert school_days_since(date(2026, 1, 30), date(2026, 2, 9), SchoolCalendar("WGN")) == SchoolDays(1, is_all=True)


def test_a_term_that_only_the_school_knows() -> None:
    """The list has no days of term 2 in 2027: nothing is counted there until the school says its own."""
    said = {(2027, 1): (date(2027, 2, 3), date(2027, 4, 16)), (2027, 2): (date(2027, 5, 3), date(2027, 7, 2))}
    assert not school_days_since(date(2027, 5, 2), date(2027, 5, 7), SchoolCalendar("WGN")).is_all
    assert school_days_since(date(2027, 5, 2), date(2027, 5, 7), SchoolCalendar("WGN", said)) == SchoolDays(
        5, is_all=True
    )


def test_easter_tuesday_closes_schools_and_is_a_working_day() -> None:
    calendar = SchoolCalendar("WGN", {(2027, 1): (date(2027, 2, 3), date(2027, 4, 16))})
    assert calendar.why_closed(date(2027, 3, 30)) == "Easter Tuesday"
    assert school_days_since(date(2027, 3, 25), date(2027, 3, 31), calendar).count == 1


@pytest.mark.parametrize(
    ("halves", "half_days", "why"),
    [
        ([], 2, ""),
        ([Half.MORNING], 1, ""),
        ([Half.MORNING, Half.AFTERNOON], 0, "Sport and Prizes"),
        ([None], 0, "Sport"),
    ],
)
def test_halves_of_a_day(halves: list[Half | None], half_days: int, why: str) -> None:
    day, words = date(2026, 5, 5), ("Sport", "Prizes")
    calendar = SchoolCalendar(
        "WGN", {}, [Closure(day, day, said, half) for said, half in zip(words, halves, strict=False)]
    )
    assert (calendar.open_half_days(day), calendar.why_closed(day)) == (half_days, why)


def test_a_region_without_its_own_day_keeps_its_neighbours_and_that_is_inferred() -> None:
    follows = {region.code: region.follows for region in regions() if region.follows}
    assert follows == {"WKO": "AUK", "BOP": "AUK", "GIS": "AUK", "MWT": "WGN", "TAS": "NSN"}
    assert is_inferred(date(2026, 1, 26), "WKO")
    assert not is_inferred(date(2026, 1, 26), "AUK")
    assert not is_inferred(date(2026, 2, 6), "WKO"), "Waitangi Day is everybody’s"
    assert region_for("SCA").follows == ""
