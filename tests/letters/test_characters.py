"""What the fonts of letters print is known beforehand, and what fits into the envelope's window (LET-3)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.letters.characters import lacking, named, width
from app.letters.window import fault_of_window, in_window
from tests.letters.samples import WINDOW

NAMES = [
    "Ngā Āwa Ēōīū Ōtāhuhu",
    "Faʻasavalu ‘Okina ʻŌpūnake",
    "José Muñoz Ștefan Łukasz Žofia Ğül Þór Æsa Øyvind",
    "Nguyễn Thị Phượng Đặng Hữu Ẩn",
    "O’Brien-Smith & Søn",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_this_country_can_be_printed_however_they_are_typed(name: str) -> None:
    assert not lacking(name)
    assert not lacking(unicodedata.normalize("NFD", name))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("李小龍", ["“李” (U+674E)", "“小” (U+5C0F)", "“龍” (U+9F8D)"]),
        ("Ana 🙂🙂", ["“🙂” (U+1F642)"]),
        ("محمد", ["“م” (U+0645)", "“ح” (U+062D)", "“د” (U+062F)"]),
        ("a\u202eb", ["U+202E right-to-left override"]),
        ("a\u200bb", ["U+200B zero width space"]),
        ("\u00ad", ["U+00AD soft hyphen"]),
        ("a\x00b", ["U+0000 which is not to be seen"]),
        ("a\rb", ["U+000D which is not to be seen"]),
    ],
)
def test_what_cannot_be_printed_is_named_each_once(text: str, said: list[str]) -> None:
    assert [named(each) for each in lacking(text)] == said


@given(st.text())
def test_no_text_has_a_width_below_nothing_and_unknown_ones_count(text: str) -> None:
    assert width(text, 10) >= 0
    assert width(text + "字", 10) == pytest.approx(width(text, 10) + 10)


def test_the_window_shows_seven_lines_as_wide_as_it_is() -> None:
    assert WINDOW.most_lines == 7
    assert not fault_of_window(["Mere Parata", *["Kōwhai Street"] * 6], WINDOW)
    assert fault_of_window(["Mere Parata", *["Kōwhai Street"] * 7], WINDOW) == (
        "The address has 8 lines with the name; the envelope’s window shows 7."
    )


def test_a_line_is_measured_not_counted() -> None:
    assert WINDOW.shows("i" * 90)
    assert not WINDOW.shows("W" * 30)
    assert fault_of_window(["Mere", "W" * 30], WINDOW) == (
        f"This line is too long for the envelope’s window: “{'W' * 30}”."
    )


LONG_NAME = "Te Ahurangi Wikitōria Parata-Whakaruru o Ngāti Toa Rangatira me Te Ātiawa"


def test_a_long_name_stands_on_two_lines_where_one_is_free() -> None:
    assert not WINDOW.shows(LONG_NAME)
    assert not fault_of_window([LONG_NAME, *["Tawa"] * 5], WINDOW)
    shown = in_window([LONG_NAME, "12 Kōwhai Street", "Tawa"], WINDOW)
    assert " ".join(shown[:2]) == LONG_NAME
    assert shown[2:] == ["12 Kōwhai Street", "Tawa"]
    assert all(map(WINDOW.shows, shown))
    assert in_window(["Mere Parata", "Tawa"], WINDOW) == ["Mere Parata", "Tawa"]


def test_a_name_that_does_not_fit_is_said_with_what_to_do() -> None:
    assert fault_of_window([LONG_NAME, *["Tawa"] * 6], WINDOW) == (
        f"The name “{LONG_NAME}” needs two lines, and with the address that makes 8; the envelope’s window shows 7. Write "
        "the address on fewer lines, or the name shorter."
    )
    for name in ("W" * 30, LONG_NAME * 2):
        assert fault_of_window([name, "Tawa"], WINDOW) == (
            f"The name “{name}” is too long for the envelope’s window, on one line and on two. Write it shorter, for example "
            "with initials."
        )
