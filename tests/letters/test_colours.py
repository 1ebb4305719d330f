"""The colour of a letterhead is read on white paper, and kept with each letter that was made with it."""

import pytest

from app.letters.facts import differences, thawed
from app.letters.letterheads.colours import LEAST, colour_of, darker, fault_of_colour, on_white
from tests.letters import samples
from tests.letters.conftest import Printed


@pytest.mark.parametrize("colour", ["", "#000000", "#123c3a", "#767676", "#0000ff"])
def test_what_is_dark_enough_is_taken(colour: str) -> None:
    assert fault_of_colour(colour) == ""


@pytest.mark.parametrize("colour", ["#777777", "#ffffff", "#ffff00", "#00ff00", "#ff0000"])
def test_what_is_too_light_is_refused_with_the_nearest_that_is_not(colour: str) -> None:
    found = darker(colour)
    assert found in fault_of_colour(colour)
    assert on_white(found) >= LEAST > on_white(colour)
    lighter = "#" + "".join(f"{min(255, part + 3):02x}" for part in bytes.fromhex(found[1:]))
    assert on_white(lighter) < on_white(found) < LEAST + 0.2


@pytest.mark.parametrize("typed", ["red", "#12345", "123c3g", "#123c3a;}", "rgb(1,2,3)"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    assert "six digits" in fault_of_colour(colour_of(typed))


@pytest.mark.parametrize(("typed", "kept"), [("#ABC", "#aabbcc"), (" 123C3A ", "#123c3a"), ("", "")])
def test_it_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert colour_of(typed) == kept


def test_a_letter_keeps_the_colour_it_was_asked_for_with() -> None:
    without, with_one = samples.facts(), samples.facts(colour="#7a1f3d")
    assert "colour" not in without.frozen()
    assert thawed(with_one.frozen()).colour == "#7a1f3d"
    assert differences(without, with_one) == ["The colour"]


def test_headings_are_printed_in_it(printed: Printed) -> None:
    pdf = printed(samples.facts(colour="#ff0080")).pdf
    said = pdf.pages[0].Contents.read_bytes()
    assert b"1 0 0.501961 rg" in said
    assert b"0.070588 0.235294 0.227451 rg" not in said


DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60" width="1000" height="600">'
    b'<defs><linearGradient id="a"><stop offset="0" stop-color="#0b4f4a" /><stop offset="1" stop-color="#7a1f3d" />'
    b'</linearGradient><clipPath id="c"><rect width="90" height="50" /></clipPath></defs>'
    b'<g id="b" clip-path="url(#c)"><circle cx="30" cy="30" r="25" fill="url(#a)" /></g>'
    b'<use href="#b" transform="translate(40 0)" opacity="0.5" /></svg>'
)


def test_a_drawing_stands_in_the_letterhead_tagged_small_and_the_same_each_time(printed: Printed) -> None:
    paper = printed(samples.facts(logo="a" * 64), mark=DRAWING)
    [figure] = paper.of("Figure")
    assert str(figure.Alt) == "Logo of Te Ara Whakamua Attendance Service"
    assert paper.unmarked() == []
    first = paper.file.read_bytes()
    assert len(first) <= 30_000
    again = printed(samples.facts(logo="a" * 64), mark=DRAWING)
    assert again.file.read_bytes() == first
