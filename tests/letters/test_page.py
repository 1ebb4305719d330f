"""A letter as XHTML: well-formed whatever the facts say, complete or refused, and the same for the same (LET-3, LET-8)."""

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.letters.characters import lacking
from app.letters.facts import LABELS, MAY_BE_EMPTY, labels_of, thawed
from app.letters.page import css, xhtml
from app.letters.purposes import Purpose
from app.letters.window import Window
from app.letters.wording import Incomplete
from tests.letters.samples import LONG_TEXTS, TEXTS, WINDOW, facts, wording

PRINTED = sorted(set(TEXTS) - {"caregiver_address", "caregiver_name", "former_sent_on"})


def page(weeks: int = 9, step: int = 1, **texts: Any) -> ET.Element:
    return ET.fromstring(xhtml(facts(weeks, **texts), wording(step), WINDOW))  # noqa: S314 (our own)


def one(element: ET.Element, name: str) -> ET.Element:
    (found,) = element.iter(name)
    return found


def said(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def cells(table: ET.Element) -> list[list[str]]:
    return [[said(cell) for cell in row] for row in table.iter("tr")]


def test_a_letter_says_who_to_whom_about_whom_and_when() -> None:
    text = said(page())
    for name in set(TEXTS) - {"caregiver_address", "service_address", "former_sent_on"}:
        assert TEXTS[name] in text
    assert "12 Kōwhai Street Tawa Wellington 5028" in text
    assert "Wiremu Tāmati Parata was away for 15 days from Monday 2 February 2026 to Thursday 2 April 2026" in text


def test_the_same_facts_and_words_make_the_same_page() -> None:
    assert xhtml(facts(), wording(), WINDOW) == xhtml(thawed(facts().frozen()), wording(), WINDOW)


@pytest.mark.parametrize("name", sorted(set(labels_of(Purpose.CA)) - MAY_BE_EMPTY))
def test_without_a_fact_that_it_needs_no_letter_is_set(name: str) -> None:
    known = facts()
    lacking_one = replace(known, by_name={each: fact for each, fact in known.by_name.items() if each != name})
    with pytest.raises(Incomplete, match=LABELS[name].lower()):
        xhtml(lacking_one, wording(), WINDOW)


def test_without_what_may_be_empty_a_letter_has_no_gap() -> None:
    nothing: dict[str, Any] = dict.fromkeys(MAY_BE_EMPTY, "")
    letter = page(weeks=0, **nothing)
    assert "Year" not in said(letter)
    assert not [paragraph for paragraph in letter.iter("p") if not said(paragraph)]
    assert said(letter).count("·") == 5


@given(st.dictionaries(st.sampled_from(PRINTED), st.text(min_size=1, max_size=80), min_size=1, max_size=3))
def test_any_value_is_printed_as_text_or_the_letter_is_refused(texts: dict[str, Any]) -> None:
    try:
        letter = page(**texts)
    except Incomplete:
        assert any(not text.strip() or lacking(text) for text in texts.values())
    else:
        printed = said(letter)
        assert all(" ".join(text.split()) in printed for name, text in facts(**texts).values.items() if name in texts)
        assert {element.tag for element in letter.iter()} <= {element.tag for element in page().iter()}


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "A & B", "{student_name}", "{{ 7 * 7 }}", "]]>", '"><b>']
)
def test_markup_and_fields_in_a_name_are_its_letters(hostile: str) -> None:
    letter = page(student_called=hostile, school_name=hostile, service_name=hostile)
    assert said(one(letter, "h1")) == f"We would like to help {hostile} get to school"
    assert not list(letter.iter("script"))
    assert one(letter, "meta").get("content") == hostile


@pytest.mark.parametrize("text", ["李小龍", "Ana 🙂", "محمد", "a\u202eb", "\u00ad", "a\x0bb"])
def test_what_the_fonts_lack_stops_the_letter_and_is_named(text: str) -> None:
    with pytest.raises(Incomplete, match=r"^The letter’s font has no "):
        page(student_called=text)


def test_an_address_that_the_window_does_not_show_stops_the_letter() -> None:
    with pytest.raises(Incomplete, match="has 8 lines"):
        page(caregiver_address="\n".join(["Kōwhai Street"] * 7))
    with pytest.raises(Incomplete, match="too long for the envelope’s window"):
        page(caregiver_name=LONG_TEXTS["student_name"])


def test_the_title_of_the_file_names_no_person() -> None:
    assert one(page(), "title").text == "Letter of concern and offer of support, 26-004217-4"
    assert one(page(), "meta").attrib == {"name": "author", "content": TEXTS["service_name"]}


def test_te_reo_is_marked_as_te_reo() -> None:
    assert page().get("lang") == "en-NZ"
    passages = [said(element) for element in page().iter() if element.get("lang") == "mi"]
    assert passages == [
        TEXTS["service_name_mi"],
        "Waea",
        "Rā",
        "Tohutoro",
        "Ākonga",
        "Kura",
        "Tēnā koe Mere Parata",
        "Ngā mihi nui",
    ]


def test_the_table_has_a_cell_for_each_week_and_heads_for_rows_and_columns() -> None:
    (table,) = page(weeks=3).iter("table")
    assert cells(table) == [
        ["Week from Monday", "2 Feb", "9 Feb", "16 Feb", "Total"],
        ["School open", "6", "10", "10", "26"],
        ["At school", "6", "6", "7", "19"],
        ["Away with a reason", "0", "1", "2", "3"],
        ["Away without a reason", "0", "3", "1", "4"],
    ]
    assert [head.get("scope") for head in table.iter("th")] == ["col"] * 5 + ["row"] * 4


def test_without_weeks_the_table_has_the_sums() -> None:
    (table,) = page(weeks=0).iter("table")
    assert cells(table)[1:] == [
        ["School open", "90"],
        ["At school", "63"],
        ["Away with a reason", "13"],
        ["Away without a reason", "14"],
    ]


@pytest.mark.parametrize(("weeks", "columns"), [(1, [1]), (12, [12]), (13, [7, 6]), (24, [12, 12]), (25, [9, 9, 7])])
def test_a_long_time_goes_on_in_another_table_and_its_sums_stand_in_the_last(weeks: int, columns: list[int]) -> None:
    tables = list(page(weeks=weeks).iter("table"))
    assert [len(cells(table)[0]) - 1 for table in tables] == [*columns[:-1], columns[-1] + 1]
    assert [cells(table)[0][-1] == "Total" for table in tables] == [False] * (len(tables) - 1) + [True]
    if len(tables) > 1:
        assert said(one(tables[0], "caption")).endswith(f", part 1 of {len(tables)}")


def test_every_ink_is_dark_enough_printed_in_grey() -> None:
    """4.5 to 1 on white for what is read."""
    inks = set(re.findall(r"[^-]color: #([0-9a-f]{3}(?:[0-9a-f]{3})?)\b", css(WINDOW)))
    assert len(inks) > 1
    for ink in inks:
        parts = [int(part * (2 // len(part)), 16) / 255 for part in re.findall(".." if len(ink) == 6 else ".", ink)]
        red, green, blue = (((part + 0.055) / 1.055) ** 2.4 for part in parts)
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) > 4.5, ink


def test_the_places_of_the_window_come_from_one_setting() -> None:
    assert "{{" not in css(WINDOW)
    assert "left: 0mm; top: 45mm; width: 85mm;" in css(WINDOW)
    assert "left: -8mm; top: 50mm; width: 90mm;" in css(Window(12, 50, 90, 40))
