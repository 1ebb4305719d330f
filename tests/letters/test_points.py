"""What stands in the way of a letter is said in words that name it, before anything is made (LET-3, LET-8, LET-9)."""

from datetime import date

from app.letters.ladders import ladder, position
from app.letters.languages import ENGLISH
from app.letters.points import of_characters
from app.letters.purposes import Purpose
from app.letters.saying import of_wording
from app.letters.wordings.rules import OURS
from tests.letters.samples import DAY, facts

THE_FIRST = position(ladder(Purpose.CA, DAY), [], region="WGN", today=DAY)


def test_facts_that_the_fonts_print_are_no_points() -> None:
    assert not list(of_characters(facts(student_name="Faʻasavalu Nguyễn-Ōtene")))


def test_a_character_that_the_fonts_lack_is_named_with_its_fact() -> None:
    (point,) = of_characters(facts(student_name="Ana 🙂 李\u200b"))
    assert point.stops
    assert not point.is_met
    assert point.words == ("Student: the letter’s font has no “🙂” (U+1F642), “李” (U+674E), U+200B zero width space.")
    assert point.remedy


def test_a_text_without_a_fault_is_no_point() -> None:
    assert not list(of_wording(OURS, THE_FIRST, ENGLISH, DAY))


def test_a_text_whose_law_holds_no_more_stops_the_letter_and_is_named() -> None:
    (point,) = of_wording(OURS, THE_FIRST, ENGLISH, date(1999, 1, 1))
    assert point.stops
    assert not point.is_met
    assert point.words.startswith("The text of this letter has a fault. ca-1.toml, block ")
    assert point.words.endswith("no law passage “privacy” holds on that day.")
