"""Two languages in one letter: side by side where columns hold them, read one after the other; by a plain rule else (LET-9)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.lists import rows
from app.core.pdf.press import Press
from app.letters.beside import SIDE_BY_SIDE, TOO_LONG, TOO_WIDE
from app.letters.examples import LONG, SHORT, example
from app.letters.facts import Facts
from app.letters.fields import FIELD
from app.letters.languages import LANGUAGES
from app.letters.page import css, layout, xhtml
from app.letters.purposes import Purpose
from app.letters.wording import Incomplete, Wording, ours, wording_for
from app.letters.wordings.checking import faults_of
from app.letters.wordings.rules import of_version, packed
from tests.letters.samples import DAY, WINDOW, Line, Paper, facts
from tests.letters.test_every_letter import each_letter, each_size, is_within, read_elsewhere, words
from tests.letters.test_paper import A4, is_clear

OTHER = "sm"
LEFT, MIDDLE, RIGHT = 20.0, 105.0, 190.0
GAP = 3.5
"""Millimetres on either side of the middle that nothing is printed in."""
TABLE = "* "
Set = Callable[[Facts, Wording], Paper]


def other_words(text: str) -> str:
    """As if it were translated: every word ends otherwise, and what stands in braces stays."""
    parts = re.split(r"(\{[a-z_]+\})", text)
    return "".join(part if FIELD.fullmatch(part) else re.sub(r"(\w)\b", r"\1o", part) for part in parts)


def translated(purpose: Purpose, step: int, *more: Mapping[str, Any]) -> dict[str, Any]:
    """Our own text with other words, and these blocks before them."""
    content = ours(purpose, step)
    blocks = [dict(block) for block in content["blocks"]]
    for block in blocks:
        block.pop("lang", "")
        if "text" in block:
            block["text"] = other_words(block["text"])
        if "items" in block:
            block["items"] = [other_words(item) for item in block["items"]]
    return {"title": "Tusi", "heading": other_words(content["heading"]), "blocks": [*more, *blocks]}


def both(purpose: Purpose = Purpose.CA, step: int = 1, *more: Mapping[str, Any]) -> Wording:
    other = of_version(packed(translated(purpose, step, *more)), purpose, step, OTHER, DAY)
    return other.beside(wording_for(purpose, step, DAY))


def paragraph(text: str) -> dict[str, str]:
    return {"kind": "paragraph", "text": text}


@pytest.fixture
def set_letter(press: Press, tmp_path: Path) -> Set:
    def done(told: Facts, wording: Wording) -> Paper:
        html = xhtml(told, wording, WINDOW)
        return Paper(press.render(html, css(WINDOW, told.colour), {}, pictures=False).pdf, tmp_path)

    return done


def body(paper: Paper) -> list[Line]:
    """Below the head of the first page, above the foot of each."""
    printed = [line for line in paper.lines if line.bottom < A4[1] - 13]
    first = min(line.top for line in printed if line.page == 1 and line.left < MIDDLE and line.top >= WINDOW.below - 1)
    return [line for line in printed if line.page > 1 or line.top >= first]


def columns(paper: Paper) -> tuple[list[Line], list[Line]]:
    """What stands on the left and on the right before the table, or what else stands below both."""
    lines = sorted(body(paper), key=lambda line: (line.page, line.top))
    spans = next(
        (at for at, line in enumerate(lines) if line.left < MIDDLE < line.right or line.text.startswith(TABLE)),
        len(lines),
    )
    beside = lines[:spans]
    return [line for line in beside if line.left < MIDDLE], [line for line in beside if line.left >= MIDDLE]


@each_letter
@each_size
def test_columns_stand_clear_of_each_other_the_window_and_the_edges(
    set_letter: Set, purpose: Purpose, step: int, size: str
) -> None:
    told, wording = example(purpose, size), both(purpose, step)
    assert layout(told, wording).how == SIDE_BY_SIDE
    paper = set_letter(told, wording)
    left, right = columns(paper)
    assert len(left) > 15
    assert len(right) > 15
    assert all(line.left >= LEFT - 1 and line.right <= MIDDLE - GAP for line in left)
    assert all(line.left >= MIDDLE + GAP and line.right <= RIGHT + 1 for line in right)
    assert left[0].top == pytest.approx(right[0].top, abs=0.5)
    shown = [line for line in paper.lines if line.page == 1 and not is_clear(line)]
    assert shown
    assert all(is_within(line) for line in shown)
    assert all(line.bottom <= A4[1] - 6 for line in paper.lines)


@each_letter
@each_size
def test_each_language_is_read_whole_and_what_belongs_to_both_once(
    set_letter: Set, purpose: Purpose, step: int, size: str
) -> None:
    told, wording = example(purpose, size), both(purpose, step)
    paper, laid = set_letter(told, wording), layout(told, wording)
    said = close(paper.read_aloud())
    left, right = (said_in(part) for part in laid.parts)
    assert said.index(left[0]) < said.index(left[-1]) < said.index(right[0]) < said.rindex(right[-1])
    assert all(text in said for text in (*left, *right))
    assert laid.below
    for block in (*laid.captions, *laid.below):
        assert said.rindex(right[-1]) < said.rindex(close(block.text))
    assert all(said.count(close(block.text)) == 1 for block in laid.below)
    assert said.count("Awaywithoutareason") == len(paper.of("Table"))


def close(text: str) -> str:
    """Without what lines are broken at."""
    return "".join(text.split())


def said_in(part: Wording) -> list[str]:
    """What only this language says, in its order."""
    kinds = {"heading", "paragraph", "list"}
    found = [
        part.heading,
        *(text for block in part.blocks if block.kind in kinds for text in (block.text, *block.items)),
    ]
    return [close(text) for text in found if text]


@each_letter
@each_size
def test_columns_are_tagged_with_their_language_and_belong_together(
    set_letter: Set, purpose: Purpose, step: int, size: str
) -> None:
    paper = set_letter(example(purpose, size), both(purpose, step))
    assert [str(part.Lang) for part in paper.of("Sect")] == [OTHER, "en-NZ"]
    for part in paper.of("Sect"):
        assert [str(kid.S) for kid in part.K].count("/H1") == 1
        assert all(kid.P.objgen == part.objgen for kid in part.K)
    named = [name for name, _ in paper.tags if name in {"Sect", "Table"}]
    assert named == ["Sect", "Sect", *["Table"] * named.count("Table")]
    assert not paper.unmarked()
    assert not [tag for name, tag in paper.tags if name != "TD" and not list(tag.get("/K", []))]
    heads = {bytes(head.ID): str(head.A.Scope) for head in paper.of("TH")}
    for cell in paper.of("TD"):
        assert sorted(heads[bytes(head)] for head in cell.A.Headers) == ["/Column", "/Row"]
    for caption in paper.of("Caption"):
        assert list(dict.fromkeys(str(tag.Lang) for tag in caption.K if "/Lang" in tag)) == [OTHER, "en-NZ"]


def test_a_letter_of_three_pages_goes_on_in_both_columns(set_letter: Set) -> None:
    more = [paragraph(f"Sikolo {number}: {'alofa ma le fesoasoani ' * 12}") for number in range(1, 9)]
    english = [paragraph(f"School {number}: {'with love and our help ' * 13}") for number in range(1, 9)]
    content = dict(ours(Purpose.CA, 1))
    second = of_version(packed({**content, "blocks": [*english, *content["blocks"]]}), Purpose.CA, 1, "en", DAY)
    first = of_version(packed(translated(Purpose.CA, 1, *more)), Purpose.CA, 1, OTHER, DAY)
    told, wording = facts(24), first.beside(second)
    assert layout(told, wording).how == SIDE_BY_SIDE
    paper = set_letter(told, wording)
    left, right = columns(paper)
    assert len(paper.pdf.pages) >= 3
    assert {line.page for line in left} >= {1, 2, 3}
    assert {line.page for line in right} >= {1, 2, 3}
    assert all(line.right <= MIDDLE - GAP for line in left)
    assert all(line.left >= MIDDLE + GAP and line.right <= RIGHT + 1 for line in right)
    said = paper.read_aloud()
    places = [said.index(f"Sikolo {number}:") for number in range(1, 9)]
    places += [said.index(f"School {number}:") for number in range(1, 9)]
    assert places == sorted(places)
    assert [str(part.Lang) for part in paper.of("Sect")] == [OTHER, "en-NZ"]
    parents = paper.pdf.Root.StructTreeRoot.ParentTree.Nums
    for number, page in enumerate(paper.pdf.pages):
        marked = re.findall(r"/MCID (\d+)", page.Contents.read_bytes().decode("latin-1"))
        assert len(marked) == len(set(marked)) == len(parents[number * 2 + 1])


def test_a_column_ends_well_wherever_the_page_ends(set_letter: Set) -> None:
    """No heading stays behind, and no signature goes without what is above it."""
    headings = {"What the school has told us", "What we can offer", "What happens next"}
    ends = set()
    for lines in range(4, 40, 3):
        paper = set_letter(facts(service_address="\n".join(["Level 12"] * lines)), both())
        for column in columns(paper):
            if after := [line for line in column if line.page == 2]:
                last = [line for line in column if line.page == 1][-1].text
                ends.add(last)
                assert last not in headings | {other_words(heading) for heading in headings}
                assert not after[0].text.startswith(("Hinemoa Tūpara", "Ngā mihi", "Phone "))
    assert len(ends) >= 6


def test_english_stands_on_the_right_whichever_was_asked_for_first() -> None:
    told, wording = facts(), both()
    english = wording_for(Purpose.CA, 1, DAY)
    turned = english.beside(of_version(packed(translated(Purpose.CA, 1)), Purpose.CA, 1, OTHER, DAY))
    for each in (wording, turned):
        assert [part.lang for part in layout(told, each).parts] == [OTHER, ""]


@pytest.mark.parametrize(
    ("more", "how"),
    [
        (paragraph("a" * 60), TOO_WIDE),
        ({"kind": "heading", "text": "a" * 42}, TOO_WIDE),
        ({"kind": "list", "items": ["a b", "m" * 26]}, TOO_WIDE),
        (paragraph("a" * 30 + " " + "a" * 30), SIDE_BY_SIDE),
        (paragraph("a" * 30 + "-" + "a" * 30), SIDE_BY_SIDE),
        (paragraph("a b c d e " * 290), SIDE_BY_SIDE),
    ],
)
def test_what_does_not_fit_a_column_is_printed_one_after_the_other(more: dict[str, Any], how: str) -> None:
    told, wording = facts(), both(Purpose.CA, 1, more)
    assert layout(told, wording).how == how
    said = xhtml(told, wording, WINDOW)
    assert ('class="beside"' in said) is (how == SIDE_BY_SIDE)
    assert ('class="second"' in said) is (how != SIDE_BY_SIDE)


def test_a_text_longer_than_three_pages_of_a_column_is_printed_one_after_the_other() -> None:
    assert layout(facts(), both(Purpose.CA, 1, *[paragraph("a b c d e " * 290)] * 5)).how == TOO_LONG


def test_a_name_too_wide_for_a_column_is_seen_in_the_facts() -> None:
    assert layout(facts(student_called="W" * 60), both()).how == TOO_WIDE
    assert layout(facts(writer_email=f"{'w' * 60}@te-ara.example"), both()).how == TOO_WIDE


def test_one_language_has_no_layout_of_two() -> None:
    assert layout(facts(), wording_for(Purpose.CA, 1, DAY)).how == ""
    assert "beside" not in xhtml(facts(), wording_for(Purpose.CA, 1, DAY), WINDOW)


def test_what_only_one_ends_with_stays_in_its_column() -> None:
    content = translated(Purpose.CA, 1)
    content["blocks"] = [block for block in content["blocks"] if block.get("law") != "privacy"]
    other = of_version(packed(content), Purpose.CA, 1, OTHER, DAY)
    laid = layout(facts(), other.beside(wording_for(Purpose.CA, 1, DAY)))
    assert laid.below == ()
    assert [block.kind for block in laid.parts[1].blocks][-1] == "law"


@given(st.text(max_size=400), st.sampled_from(["paragraph", "heading", "absences", "list"]))
@settings(deadline=None)
def test_any_text_is_refused_or_said_in_its_language_in_either_layout(text: str, kind: str) -> None:
    text = unicodedata.normalize("NFC", text)
    block = {"kind": kind, "items": [text]} if kind == "list" else {"kind": kind, "text": text}
    content = translated(Purpose.CA, 1, block)
    if faults_of(content, Purpose.CA, OTHER, DAY):
        return
    wording = of_version(packed(content), Purpose.CA, 1, OTHER, DAY).beside(wording_for(Purpose.CA, 1, DAY))
    try:
        page = ET.fromstring(xhtml(facts(), wording, WINDOW))  # noqa: S314 (our own)
    except Incomplete:
        return
    part = next(part for part in page.iter("section") if part.get("lang") == OTHER)
    assert " ".join(wording.filled(facts()).blocks[0].text.split()) in " ".join(" ".join(part.itertext()).split())


def test_the_same_facts_and_words_make_the_same_bytes(press: Press) -> None:
    html, style = xhtml(facts(), both(), WINDOW), css(WINDOW)
    first, second = (press.render(html, style, {}, pictures=False).pdf for _ in range(2))
    assert first == second


@pytest.mark.parametrize("size", [SHORT, LONG])
def test_other_readers_read_the_same_words_of_both(set_letter: Set, size: str) -> None:
    paper = set_letter(example(Purpose.CA, size), both(Purpose.CA, 2))
    readings = read_elsewhere(paper)
    assert readings.warnings == []
    (found,) = readings.found
    count = len(paper.pdf.pages)
    assert (found["pdfjs"]["pages"], found["mupdf"]["pages"]) == (count, count)
    assert words(" ".join(found["pdfjs"]["texts"])) == words(paper.text)
    assert words(" ".join(found["mupdf"]["texts"])) == words(paper.text)
    assert found["pdfjs"]["language"] == "en-NZ"


def test_every_language_of_letters_is_written_from_left_to_right() -> None:
    """The font has no letters of others; whoever lists one gives its column its direction."""
    for row in rows(LANGUAGES):
        assert not {unicodedata.bidirectional(letter) for letter in row["own_name"]} & {"R", "AL"}
