"""Runs of school days that marks ask about, against the plainest way of finding them (ATT-3)."""

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.codes import CODES, NO_MARK
from app.attendance.prompts.counting import Found, found_in, school_days
from app.attendance.prompts.models import PromptKind
from app.attendance.tallies.rules import Stay
from app.attendance.tallying import A_WEEK, MarkedWeek
from app.calendars.public_holidays import holidays_in
from app.calendars.school_calendar import Closure, Half, SchoolCalendar

MONDAY = date(2026, 2, 2)
TERMS = {(2026, 1): (MONDAY, date(2026, 4, 2)), (2026, 2): (date(2026, 4, 20), date(2026, 7, 3))}
LAST = date(2026, 7, 3)
DAYS = (LAST - MONDAY).days + 1
SAID = st.sampled_from(["TT", "TT", "JJ", "XX", "??", "P?", "JM", "T.", "..", "PP", "XT", ".J", "CM", "UG"])
MARKS = st.lists(st.tuples(SAID, st.sampled_from([1, 1, 2, 4, 7, 21])), max_size=20).map(
    lambda runs: [said for said, days in runs for _ in range(days)][:110]
)
"""Days in a row alike, so that there are long ones."""
CLOSED = st.lists(st.tuples(st.integers(0, DAYS - 1), st.sampled_from([None, *Half])), max_size=6)
STAYS = st.lists(st.integers(0, DAYS - 1), max_size=3, unique=True).map(sorted)
REGIONS = st.sampled_from(["WGN", "TKI", "OTA", "STL"])
"""Some have their anniversary in these terms."""


def stays_from(bounds: list[int]) -> list[Stay]:
    """A late enrolment; and one that ended, with another after it."""
    days = [MONDAY + timedelta(days=number) for number in bounds]
    if len(days) < 3:
        return [Stay(days[0] if days else MONDAY, None)]
    return [Stay(days[0], days[1] - timedelta(days=1) if days[1] > days[0] else days[1]), Stay(days[2], None)]


def weeks_from(marks: list[str]) -> list[MarkedWeek]:
    """Two marks for each day from Monday to Friday, from the first Monday on."""
    lines = ["".join(marks[start : start + 5]).ljust(A_WEEK, NO_MARK) for start in range(0, len(marks), 5)]
    return [MarkedWeek(MONDAY + timedelta(weeks=number), line) for number, line in enumerate(lines)]


def open_days(closed: list[tuple[int, Half | None]], region: str) -> Iterator[tuple[date, list[int]]]:
    """Each school day, and which halves of it."""
    shut = {(MONDAY + timedelta(days=day), half) for day, which in closed for half in ([which] if which else Half)}
    for number in range(DAYS):
        day = MONDAY + timedelta(days=number)
        is_term = any(first <= day <= last for first, last in TERMS.values())
        is_out = day.weekday() > 4 or day in holidays_in(2026, region) or day == date(2026, 4, 7)  # Easter Tuesday
        halves = [place for place, half in enumerate(Half) if (day, half) not in shut]
        if is_term and not is_out and halves:
            yield day, halves


def plainly(marks: list[str], stays: list[Stay], closed: list[tuple[int, Half | None]], region: str) -> set[object]:
    """Another implementation: a letter a day, and patterns."""
    with CODES.open(encoding="utf-8") as lines:
        absent = {row["code"]: row["counts_star"] == "yes" for row in csv.DictReader(lines) if not row["valid_to"]}
    found: set[object] = set()
    for stay in stays:
        until = stay.to_on or LAST
        days, away, approved, unknown = [], "", "", ""
        for day, halves in open_days(closed, region):
            if not stay.from_on <= day <= until:
                continue
            at = 5 * ((day - MONDAY).days // 7) + day.weekday()
            said = [(marks[at] if at < len(marks) else "..")[half] for half in halves]
            said = [mark if mark in absent else "." for mark in said if mark != "X"]
            days.append(day)
            is_there = any(mark != "." and not absent[mark] for mark in said)
            away += "x" if not said else "|" if is_there else "u" if "." in said else "A"
            approved += "x" if not said else "A" if "J" in said and not is_there else "|"
            unknown += "x" if not said else "A" if "?" in said else "|"
        for line, kind in ((approved, PromptKind.APPROVED_TOO_LONG), (unknown, PromptKind.NOT_KNOWN)):
            for run in re.finditer("A(?:[Ax]*A)?", line):
                if run[0].count("A") > (5 if kind is PromptKind.APPROVED_TOO_LONG else 0):
                    found.add((kind, days[run.start()], days[run.end() - 1], run[0].count("A"), 0))
        last = re.search("(A(?:[Aux]*A)?)[ux]*$", away)
        if last and stay is stays[-1] and last[1].count("A") >= 15:
            count, end = last[1].count("A"), last.start(1) + len(last[1]) - 1
            kind = PromptKind.ABSENT if count < 20 else PromptKind.ABSENT_TWENTY
            found.add((kind, days[last.start(1)], days[end], count, last[1].count("u")))
    return found


@given(marks=MARKS, bounds=STAYS, closed=CLOSED, region=REGIONS)
def test_runs_are_found_as_another_implementation_finds_them(
    marks: list[str], bounds: list[int], closed: list[tuple[int, Half | None]], region: str
) -> None:
    """Late enrolment, a second one, closed days and halves, exam leave, codes of former years, two terms."""
    closures = [Closure(day, day, "Shut", half) for number, half in closed for day in [MONDAY + timedelta(days=number)]]
    days, stays = school_days(SchoolCalendar(region, TERMS, closures), MONDAY, LAST), stays_from(bounds)
    found = found_in(weeks_from(marks), stays, days, LAST)
    first, last = stays[0], stays[-1]
    if first.to_on and not any(first.to_on < day < last.from_on for day, _ in open_days(closed, region)):
        stays = [Stay(first.from_on, None)]
    assert {(each.kind, each.from_on, each.to_on, each.days, each.unmarked) for each in found} == plainly(
        marks, stays, closed, region
    )


TERM_OUT = (date(2026, 4, 2), date(2026, 4, 20))


@pytest.mark.parametrize(
    ("stays", "kinds"),
    [
        ([(MONDAY, date(2026, 3, 4)), (date(2026, 3, 5), None)], [PromptKind.ABSENT_TWENTY]),
        ([(MONDAY, date(2026, 3, 6)), (date(2026, 3, 9), None)], [PromptKind.ABSENT_TWENTY]),
        ([(MONDAY, date(2026, 3, 4)), (date(2026, 3, 6), None)], []),
        ([(MONDAY, TERM_OUT[0]), (TERM_OUT[1], None)], [PromptKind.ABSENT_TWENTY]),
        ([(MONDAY, date(2026, 3, 20)), (date(2026, 5, 4), None)], [PromptKind.ABSENT_TWENTY]),
        ([(MONDAY, date(2026, 2, 25)), (date(2026, 3, 9), None)], []),
        ([(date(2026, 5, 4), None)], []),
    ],
)
def test_a_stay_that_was_split_is_one_and_one_to_come_ends_none(
    stays: list[tuple[date, date | None]], kinds: list[PromptKind]
) -> None:
    """Without a school day between the two; and what has begun by today is the last."""
    days = school_days(SchoolCalendar("WGN", TERMS), MONDAY, LAST)
    found = found_in(weeks_from(["TT"] * 32), [Stay(*stay) for stay in stays], days, date(2026, 3, 18))
    assert [each.kind for each in found] == kinds


def of(*marks: str, closed: tuple[Closure, ...] = (), until: date = LAST) -> list[Found]:
    """Of a student who was here all the time, day by day from the first Monday on; the day of Waitangi is a Friday."""
    days = school_days(SchoolCalendar("WGN", TERMS, closed), MONDAY, until)
    return found_in(weeks_from([each for said in marks for each in said.split()]), [Stay(MONDAY, None)], days, LAST)


@pytest.mark.parametrize(
    ("marks", "days"),
    [
        ("JJ JJ JJ JJ JJ JJ PP", []),  # Waitangi Day is the fifth of them
        ("JJ JJ JJ JJ JJ JJ JJ PP", [6]),
        ("JJ JJ JJ XX JJ JJ JJ JJ PP", [6]),
        ("JJ JJ JJ PP JJ JJ JJ JJ PP", []),
        ("JJ JJ JJ JP JJ JJ JJ JJ PP", []),
        ("JJ JJ JJ JM JJ JJ JJ PP", [6]),
        ("JJ JJ JJ MM JJ JJ JJ PP", []),
        ("JJ JJ JJ .. JJ JJ JJ JJ PP", []),
    ],
)
def test_j_on_more_than_five_school_days(marks: str, days: list[int]) -> None:
    assert [each.days for each in of(marks) if each.kind is PromptKind.APPROVED_TOO_LONG] == days


def test_a_question_mark_is_asked_about_on_the_second_school_day_after() -> None:
    found = of("PP PP P? PP PP ?? ?? PP")
    assert [(each.from_on.day, each.days, each.asks_on.day) for each in found] == [(4, 1, 9), (9, 2, 11)]


def test_where_school_is_out_by_then_some_days_later() -> None:
    (found,) = found_in(
        [MarkedWeek(date(2026, 6, 29), "PPPPPPPP?P")],
        [Stay(MONDAY, None)],
        school_days(SchoolCalendar("WGN", TERMS), MONDAY, LAST),
        LAST,
    )
    assert (found.from_on, found.asks_on) == (LAST, LAST + timedelta(days=4))


@pytest.mark.parametrize(
    ("marks", "kinds"),
    [
        ("TT " * 14, []),  # two public holidays, or one, lie among them
        ("TT " * 16, [PromptKind.ABSENT]),
        ("TT " * 22, [PromptKind.ABSENT_TWENTY]),
        ("TT " * 22 + "PP", []),
        ("TT " * 22 + "TP", []),
        ("TT " * 22 + "XX XX ..", [PromptKind.ABSENT_TWENTY]),
        ("TT " * 10 + "XX .. " + "TT " * 10, [PromptKind.ABSENT]),
        ("TT " * 10 + "PP " + "TT " * 10, []),
    ],
)
def test_days_in_a_row_without_a_half_day_at_school(marks: str, kinds: list[PromptKind]) -> None:
    assert [each.kind for each in of(marks)] == kinds


def test_days_without_a_mark_are_said_and_not_counted() -> None:
    (found,) = of("TT " * 10 + "XX .. T. " + "TT " * 10)
    assert (found.days, found.unmarked) == (19, 2)


def test_a_closed_half_is_left_out_of_its_day() -> None:
    day = MONDAY + timedelta(days=1)
    afternoon = Closure(day, day, "Storm", Half.AFTERNOON)
    (found,) = of("TT TP " + "TT " * 20, closed=(afternoon,))
    assert found.from_on == MONDAY
    assert not of("TT PT " + "TT " * 13, closed=(afternoon,))


def test_the_holidays_between_two_terms_break_nothing() -> None:
    weeks = [MarkedWeek(MONDAY + timedelta(weeks=number), "T" * 10) for number in (6, 7, 8, 11, 12)]
    (found,) = found_in(weeks, [Stay(MONDAY, None)], school_days(SchoolCalendar("WGN", TERMS), MONDAY, LAST), LAST)
    assert (found.kind, found.from_on, found.to_on) == (PromptKind.ABSENT_TWENTY, date(2026, 3, 16), date(2026, 5, 1))
    assert found.days == 23, "Anzac Day is kept on the Monday, and the term ended on a Thursday"
