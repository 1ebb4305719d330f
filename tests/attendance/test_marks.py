"""Exports of marks as schools have them: recognised, read, and refused line by line (ATT-1, T1)."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attendance.codes import NO_MARK
from app.attendance.marks.columns import Column, Shape, has_headings, shape_of
from app.attendance.marks.days import both_of, day_of, half_of
from app.attendance.marks.rules import Mark, Refusal, Weeks, change_of, marks_of
from app.attendance.tallying import A_WEEK
from app.calendars.school_calendar import Half

AM, PM = Half.MORNING, Half.AFTERNOON
TUESDAY = date(2026, 11, 3)
UNTIL = date(2026, 11, 20)


def read(headings: Sequence[str], *rows: Sequence[str]) -> list[Mark | Refusal]:
    shape = shape_of(headings, rows)
    assert not shape.fault
    return list(marks_of(enumerate(rows, 2), shape))


@pytest.mark.parametrize(
    "text",
    [
        "3/11/2026",
        "03/11/26",
        "3.11.2026",
        "3-11-2026",
        "2026-11-03",
        "2026-11-03 00:00",
        "2026-11-03T00:00:00",
        "3 Nov 2026",
        "03-Nov-2026",
        "03-Nov-26",
        "Tue 3 November 2026",
        "Tuesday, 3/11/2026",
        "20261103",
        "46329",
    ],
)
def test_days_as_they_are_written(text: str) -> None:
    assert day_of(text) == TUESDAY


@pytest.mark.parametrize(
    "text",
    [
        *("", "31/2/2026", "11/13/2026", "3/11", "yesterday", "12", "99999", "2026-13-01", "=A1"),
        *("²²²²²", "\N{ARABIC-INDIC DIGIT FOUR}6329"),
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert day_of(text) is None


@given(st.one_of(st.text(), st.text("0123456789²³①٣ /-.T:", max_size=12)))
def test_of_any_text_it_is_said_whether_it_is_a_day(text: str) -> None:
    assert day_of(text) is None or isinstance(day_of(text), date)


def test_only_plain_digits_are_a_number_of_a_student() -> None:
    assert has_headings(["²²²²²²²²²", "Date"])
    assert not has_headings(["123456789", "Date"])


def test_halves_and_both() -> None:
    assert [half_of(text) for text in ("AM", " pm", "1", "2", "Morning", "afternoon", "3", "")] == [
        *(AM, PM, AM, PM, AM, PM),
        *(None, None),
    ]
    assert [both_of(text) for text in ("PM", "p m", "P/M", "?.", "P", "PPP", "")] == [
        *(("P", "M"), ("P", "M"), ("P", "M"), ("?", ".")),
        *(None, None, None),
    ]


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (["NSN", "Date", "Half day", "Code"], ["123456789", "3/11/2026", "PM", "M"]),
        (["Name", "student_id", "Attendance Date", "Session", "Mark"], ["Ana", "123456789", "2026-11-03", "2", "m"]),
        (["NSN", "Date", "AM", "PM"], ["123456789", "3 Nov 2026", "", "M"]),
        (["NSN", "Date", "Codes"], ["123456789", "46329", ".M"]),
        (["NSN", "Surname", "3/11/2026", "4/11/2026"], ["123456789", "Tāne", ".M", ""]),
        (["NSN", "2026-11-03 AM", "2026-11-03 PM"], ["123456789", "", "M"]),
        (["Whose", "When", "Which", "Code"], ["123456789", "3/11/2026", "PM", "M"]),
        (["NSN", "Gender", "Date", "AM", "PM"], ["123456789", "M", "3/11/2026", "", "M"]),
        (["NSN", "Gender", "Status", "Date", "AM", "PM"], ["123456789", "M", "here", "3/11/2026", "", "M"]),
        (["NSN", "Year", "Date", "Codes"], ["123456789", "1", "3/11/2026", ".M"]),
        (["NSN", "Room", "3/11/2026"], ["123456789", "A", ".M"]),
        (["NSN", "Half", "Date", "AM", "PM"], ["123456789", "1", "3/11/2026", "", "M"]),
    ],
)
def test_shapes(headings: list[str], row: list[str]) -> None:
    assert read(headings, row) == [Mark(2, "123456789", TUESDAY, PM, "M")]


@pytest.mark.parametrize(
    ("headings", "fault"),
    [
        (["Name", "Date", "AM", "PM"], "whose marks"),
        (["NSN", "Name", "AM", "PM"], "says the day"),
        (["NSN", "Date", "Code"], "both halves"),
        (["NSN", "Date", "AM"], "both halves"),
        (["NSN", "Date", "Period", "Code"], "both halves"),
    ],
)
def test_what_is_not_seen_is_said(headings: list[str], fault: str) -> None:
    assert fault in shape_of(headings, []).fault


def test_the_first_of_two_columns_says_it() -> None:
    assert shape_of(["NSN", "Date", "AM", "PM", "AM", "NSN"], []).columns == (
        *(Column.NSN, Column.DAY, Column.MORNING, Column.AFTERNOON),
        *(Column.NOTHING, Column.NOTHING),
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (["", "3/11/2026", "PM", "M"], "It does not say whose mark it is"),
        (["123456789", "31/2/2026", "PM", "M"], "“31/2/2026” is no day"),
        (["123456789", "3/11/2026", "night", "M"], "“night” is neither morning nor afternoon"),
        (["123456789", "3/11/2026", "PM", "W"], "“W” is no code that held on 3 November 2026"),
        (["123456789", "3/11/2026", "PM", "=1+1"], "“=1+1” is no code"),
        (["123456789", "7/11/2026", "PM", "M"], "Saturday 7 November 2026 is no school day"),
        (["123456789", "3/11/2026", "PM", "a" * 99], f"“{'A' * 39}…” is no code"),
        (["123456789"], "“” is no day"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_number_and_the_rest_stands(row: list[str], why: str) -> None:
    fine = ["123456789", "4/11/2026", "AM", "P"]
    found = read(["NSN", "Date", "Half day", "Code"], fine, row, fine)
    assert [type(each) for each in found] == [Mark, Refusal, Mark]
    assert found[1].line == 3
    assert isinstance(found[1], Refusal)
    assert why in found[1].why


def test_codes_of_former_years_hold_on_their_days() -> None:
    found = read(["NSN", "Date", "Half day", "Code"], ["1", "3/12/2024", "AM", "C"], ["1", "3/12/2025", "AM", "C"])
    assert [type(each) for each in found] == [Mark, Refusal]


def test_a_file_that_says_two_things_of_one_half_day() -> None:
    weeks = Weeks(UNTIL)
    mark = Mark(2, "1", TUESDAY, AM, "P")
    assert weeks.take(mark) is None
    assert weeks.take(mark._replace(line=3)) is None, "the same again"
    refused = weeks.take(mark._replace(line=4, code="M"))
    assert refused == Refusal(4, "Another line says “P” of the same half-day")
    assert list(weeks.each()) == [("1", date(2026, 11, 2), "..P.......")]
    assert weeks.marks == 1


def test_days_to_come_and_days_of_long_ago() -> None:
    weeks = Weeks(UNTIL)
    found = [weeks.take(Mark(2, "1", day, AM, "P")) for day in (date(2026, 11, 23), date(2019, 11, 22))]
    assert [each and each.why for each in found] == [
        "23 November 2026 is still to come",
        "22 November 2019 is too long ago",
    ]


MARKS = st.dictionaries(
    st.tuples(st.sampled_from("123"), st.integers(0, 40), st.sampled_from(list(Half))),
    st.sampled_from("PMJ?X"),
    max_size=60,
)


@given(told=MARKS, wide=st.booleans())
def test_whatever_is_written_is_read_again_in_either_shape(told: dict[tuple[str, int, Half], str], wide: bool) -> None:
    days = [day for number in range(41) if (day := TUESDAY - timedelta(days=number)).weekday() < 5]
    told = {key: code for key, code in told.items() if key[1] < len(days)}
    if wide:
        headings = ["NSN", *(f"{day:%d/%m/%Y}" for day in days)]
        rows = [
            [who, *("".join(told.get((who, number, half), ".") for half in Half) for number in range(len(days)))]
            for who in "123"
        ]
    else:
        headings = ["NSN", "Date", "Half", "Code"]
        rows = [[who, f"{days[n]:%Y-%m-%d}", half.value, code] for (who, n, half), code in told.items()]
    weeks = Weeks(UNTIL)
    for mark in read(headings, *rows):
        assert isinstance(mark, Mark)
        assert weeks.take(mark) is None
    assert weeks.marks == len(told)
    again = {
        (who, monday + timedelta(days=place // 2), list(Half)[place % 2]): code
        for who, monday, marks in weeks.each()
        for place, code in enumerate(marks)
        if code != NO_MARK
    }
    assert again == {(who, days[number], half): code for (who, number, half), code in told.items()}


WEEK = st.text(st.sampled_from("PMJ?X."), min_size=A_WEEK, max_size=A_WEEK)


@given(before=WEEK, told=WEEK)
def test_a_change_takes_nothing_away_and_twice_is_the_same_as_once(before: str, told: str) -> None:
    change = change_of(before, told)
    assert change.new + change.changed + change.same == A_WEEK - told.count(NO_MARK)
    assert change.new == sum(was == NO_MARK != now for was, now in zip(before, told, strict=True))
    again = change_of(change.marks, told)
    assert (again.marks, again.new, again.changed) == (change.marks, 0, 0)


def test_a_shape_without_columns_reads_nothing() -> None:
    assert Shape(()).fault
