"""Days absent, rate and steps, against the plainest way of counting them (ATT-2)."""

import csv
from collections import Counter
from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.codes import CODES, NO_MARK, codes_on
from app.attendance.tallying import A_WEEK, MarkedWeek, Tally, marked, tally
from app.calendars.public_holidays import holidays_in
from app.calendars.school_calendar import Closure, Half, SchoolCalendar

MONDAY = date(2026, 4, 20)
TERM = (MONDAY, date(2026, 7, 3))
WEEKS = 11
NOW = sorted(codes_on(MONDAY))
MARKS = st.lists(st.text(st.sampled_from([*NOW, NO_MARK, "C"]), min_size=A_WEEK, max_size=A_WEEK), max_size=WEEKS)
CLOSED = st.lists(st.tuples(st.integers(0, 74), st.sampled_from([None, *Half])), max_size=5)
ENROLLED = st.integers(0, 74)


def plainly(weeks: list[str], closed: list[tuple[int, Half | None]], since: date) -> Counter[str]:
    """Another implementation: the list is read anew, the days are gone through one by one."""
    with CODES.open(encoding="utf-8") as lines:
        listed = {row["code"]: row for row in csv.DictReader(lines) if not row["valid_to"]}
    shut = {(MONDAY + timedelta(days=day), half) for day, which in closed for half in ([which] if which else Half)}
    found: Counter[str] = Counter()
    for number in range(75):
        day = MONDAY + timedelta(days=number)
        if day > TERM[1] or day < since or day.weekday() > 4 or day in holidays_in(2026, "WGN"):
            continue
        week = weeks[number // 7] if number // 7 < len(weeks) else NO_MARK * A_WEEK
        for half, mark in zip(Half, week[2 * day.weekday() :], strict=False):
            if (day, half) in shut:
                continue
            row = listed.get(mark)
            found["unmarked"] += row is None
            if row:
                found["absent"] += row["counts_star"] == "yes"
                found["explained"] += (row["counts_star"], row["category"]) == ("yes", "justified")
                found[row["category"] if row["counts_rate"] == "yes" else "not_counted"] += 1
    return found


@given(weeks=MARKS, closed=CLOSED, enrolled=ENROLLED)
def test_a_term_counts_as_another_implementation_counts_it(
    weeks: list[str], closed: list[tuple[int, Half | None]], enrolled: int
) -> None:
    """Late enrolment, closed days and halves, codes of former years, weeks without marks."""
    since = MONDAY + timedelta(days=enrolled)
    closures = [
        Closure(day, day, "Closed", half) for number, half in closed for day in [MONDAY + timedelta(days=number)]
    ]
    kept = [MarkedWeek(MONDAY + timedelta(weeks=number), marks) for number, marks in enumerate(weeks)]
    found = tally(marked(kept, SchoolCalendar("WGN", {(2026, 2): TERM}, closures), since, TERM[1]))
    plain = plainly(weeks, closed, since)
    assert found == Tally(**{each.name: plain[each.name] for each in fields(Tally)})


@pytest.mark.parametrize(
    ("absent", "step", "words"),
    [
        (0, 0, "good"),
        (9, 0, "good"),
        (10, 5, "worrying"),
        (19, 5, "worrying"),
        (20, 10, "concerning"),
        (30, 15, "serious concern"),
    ],
)
def test_steps(absent: int, step: int, words: str) -> None:
    found = Tally(absent=absent)
    assert (found.step, found.step_words) == (step, words)


@pytest.mark.parametrize(
    ("present", "away", "band", "rate"),
    [
        (91, 9, "regular", "91.0 %"),
        (90, 10, "irregular", "90.0 %"),
        (80, 20, "moderate", "80.0 %"),
        (70, 30, "chronic", "70.0 %"),
        (2, 1, "chronic", "66.6 %"),
        (899, 100, "irregular", "89.9 %"),
        (0, 0, "", ""),
    ],
)
def test_bands_are_strict_on_their_upper_side(present: int, away: int, band: str, rate: str) -> None:
    found = Tally(present=present, unjustified=away)
    assert (found.band, found.rate) == (band, rate)


def test_codes_hold_from_a_day_to_a_day() -> None:
    assert "C" in codes_on(date(2024, 12, 31))
    assert "C" not in codes_on(date(2025, 1, 1))
    assert len(NOW) == 15
    assert NO_MARK not in {row["code"] for row in csv.DictReader(CODES.read_text(encoding="utf-8").splitlines())}
