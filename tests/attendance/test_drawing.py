"""Where half-days, weeks and what happened stand in a picture: each once, and nothing outside (T4)."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.attendance.drawing.line import WIDTH, Happening, line_drawing, numbered
from app.attendance.drawing.rules import Kind, Known, Part, TermPicture, by_weekday, picture_of, week_by_week
from app.attendance.drawing.sketches import HIGH, WIDE, Drawing, bars_drawing, term_drawing
from app.attendance.tallies.rules import Stay, TermDays
from app.attendance.tallying import MarkedWeek, Tally, tally
from app.calendars.school_calendar import Closure, Half, SchoolCalendar

FIRST, LAST = date(2026, 2, 3), date(2026, 4, 2)
TERM = TermDays(20261, FIRST, LAST)
CLOSURES = [
    Closure(date(2026, 3, 4), date(2026, 3, 4), "Teacher-only day: reports", is_teacher_only=True),
    Closure(date(2026, 3, 6), date(2026, 3, 6), "Closed: storm", half=Half.AFTERNOON),
]
CALENDAR = SchoolCalendar("WGN", {(2026, 1): (FIRST, LAST)}, CLOSURES)
HERE = [Stay(date(2025, 1, 30), None)]
CORNER = re.compile(rf"M(\d+) (\d+)h{WIDE}v{HIGH}h-{WIDE}z")


def weeks_of(marks: str, first: date = date(2026, 2, 2)) -> list[MarkedWeek]:
    lines = [marks[start : start + 10].ljust(10, ".") for start in range(0, len(marks), 10)]
    return [MarkedWeek(first + timedelta(weeks=number), line) for number, line in enumerate(lines)]


def known(marks: str, stays: Sequence[Stay] = (), until: date = date(2026, 3, 13)) -> Known:
    return Known(weeks_of(marks), stays or HERE, CALENDAR, until)


def places(drawing: Drawing) -> Iterator[tuple[int, int]]:
    """Of every point of every path, and of every sign and word."""
    for shape in drawing.shapes:
        yield from _points(shape.path)
        yield from zip(map(int, shape.across.split()), map(int, shape.down.split()), strict=True)
    yield from ((text.x, text.y) for text in drawing.texts)


def _points(path: str) -> Iterator[tuple[int, int]]:
    x = y = 0
    for command, said in re.findall(r"([MLHVhv])([-\d ]+)", path):
        numbers = [int(number) for number in said.split()]
        if command in "ML":
            x, y = numbers
        elif command in "Hh":
            x = numbers[0] + (x if command == "h" else 0)
        else:
            y = numbers[0] + (y if command == "v" else 0)
        yield x, y


def is_within(drawing: Drawing) -> bool:
    return all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in places(drawing))


def kinds(picture: TermPicture) -> Counter[Kind]:
    return Counter(each.kind for each in picture.half_days)


@given(marks=st.text("PLSMJUXEGT?.", max_size=100), from_day=st.integers(0, 60), days=st.integers(0, 60))
def test_every_half_day_of_the_term_is_drawn_once_and_within(marks: str, from_day: int, days: int) -> None:
    stay = Stay(FIRST + timedelta(days=from_day), FIRST + timedelta(days=from_day + days))
    picture = picture_of(known(marks, [stay]), TERM)
    drawing = term_drawing(picture)
    weekdays = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    expected = 2 * sum(day.weekday() < 5 for day in weekdays)
    assert len(picture.half_days) == len({(each.day, each.half) for each in picture.half_days}) == expected
    corners = [corner for shape in drawing.shapes for corner in CORNER.findall(shape.path)]
    assert len(corners) == len(set(corners)) == expected
    assert sum(len(shape.signs) for shape in drawing.shapes) == sum(bool(each.sign) for each in picture.half_days)
    assert is_within(drawing)


@given(marks=st.text("PLSMJUXEGT?.", max_size=60))
def test_pictures_and_sums_say_the_same(marks: str) -> None:
    all_of_it = known(marks)
    until = all_of_it.marked(TERM)
    sums, shown = tally(until), kinds(picture_of(all_of_it, TERM))
    counted = (Kind.PRESENT, Kind.JUSTIFIED, Kind.UNJUSTIFIED, Kind.NOT_COUNTED, Kind.UNMARKED)
    assert tuple(shown[kind] for kind in counted) == tuple(getattr(sums, kind.value) for kind in counted)
    assert sum(each.sums.absent for each in week_by_week(until)) == sums.absent
    assert sum(each.sums.absent for each in by_weekday(until)) == sums.absent


def test_closed_days_days_off_the_roll_unmarked_ones_and_those_to_come_are_told_apart() -> None:
    picture = picture_of(known("..PPPPPPPP" + "PPMMTT..PP" + "P" * 40, [Stay(date(2026, 2, 4), None)]), TERM)
    at = {(each.day, each.half): each for each in picture.half_days}
    assert at[FIRST, Half.MORNING].kind is Kind.OFF_ROLL
    assert at[date(2026, 2, 6), Half.MORNING].words == "Waitangi Day"
    assert at[date(2026, 2, 12), Half.MORNING].kind is Kind.UNMARKED
    assert at[date(2026, 2, 10), Half.MORNING].kind is Kind.JUSTIFIED
    assert at[date(2026, 2, 11), Half.MORNING].kind is Kind.UNJUSTIFIED
    assert at[date(2026, 3, 4), Half.AFTERNOON].why == "Teacher-only day: reports"
    assert at[date(2026, 3, 6), Half.MORNING].kind is Kind.PRESENT
    assert at[date(2026, 3, 6), Half.AFTERNOON].kind is Kind.CLOSED
    assert at[date(2026, 3, 16), Half.MORNING].kind is Kind.AHEAD
    assert [each.letter for each in picture.codes] == ["M", "P", "T"]
    assert (date(2026, 3, 6), "Closed: storm") in picture.closed
    signs = {shape.kind: set(shape.signs) for shape in term_drawing(picture).shapes}
    assert signs["closed"] == {"–"}
    assert signs["unmarked"] == {"·"}
    assert signs["off_roll"] == signs["ahead"] == set()


def part(monday: date, present: int, absent: int) -> Part:
    return Part("", monday, Tally(present=present, unjustified=absent, absent=absent))


@given(
    said=st.dictionaries(st.integers(0, 90), st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=1),
    days=st.lists(st.integers(0, 600), max_size=30),
)
def test_a_line_lies_within_and_no_two_numbers_stand_in_each_other(
    said: dict[int, tuple[int, int]], days: list[int]
) -> None:
    monday = date(2025, 2, 3)
    weeks = [part(monday + timedelta(weeks=number), *both) for number, both in sorted(said.items())]
    happened = numbered(Happening(monday + timedelta(days=day), "Referral") for day in days)
    terms = [TermDays(20251, monday, date(2025, 4, 11)), TermDays(20252, date(2025, 4, 28), date(2025, 6, 27))]
    drawing = line_drawing(weeks, happened, terms)
    assert is_within(drawing)
    assert sum(len(each.happenings) for each in happened) == len(days)
    numbers = [text for text in drawing.texts if text.words.isdigit()]
    assert [text.words for text in numbers] == [str(each.number) for each in happened]
    clashes = [(a, b) for a in numbers for b in numbers if a is not b and a.y == b.y and abs(a.x - b.x) < 15]
    assert not clashes


def test_a_line_stops_for_the_holidays_and_begins_anew() -> None:
    weeks = [part(date(2026, 3, 23), 9, 1), part(date(2026, 3, 30), 8, 2), part(date(2026, 4, 20), 10, 0)]
    shapes = {shape.kind: shape.path for shape in line_drawing(weeks, [], []).shapes}
    assert re.fullmatch(r"M\d+ \d+L\d+ \d+M\d+ \d+", shapes["line"])
    assert shapes["point"].count("M") == 3
    assert not shapes["event"]
    nothing = [part(date(2026, 3, 23), 0, 0)]
    assert not {shape.kind: shape.path for shape in line_drawing(nothing, [], []).shapes}["point"]
    assert line_drawing([], [], []).width == WIDTH


def test_bars_are_as_high_as_what_was_absent() -> None:
    drawing = bars_drawing([part(FIRST, 10, 0), part(FIRST, 5, 5), part(FIRST, 0, 10)], ["1", "2", "3"])
    assert is_within(drawing)
    bars = next(shape.path for shape in drawing.shapes if shape.kind == "bar")
    tops = [int(top) for top in re.findall(r"M\d+ (\d+)h", bars)]
    assert [tops[0] - top for top in tops] == [0, 50, 100]
    assert [text.words for text in drawing.texts[3:6]] == ["0", "5", "10"]
