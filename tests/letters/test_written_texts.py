"""A text that somebody writes is refused with its places, or comes back the same; versions are compared word by word (LET-9)."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.lists import rows
from app.core.text import nfc
from app.letters.blocks import CONDITIONS, Kind
from app.letters.examples import FIELDS, LONG, SHORT, fields_of_purpose
from app.letters.examples import example as invented
from app.letters.facts import LABELS, MAY_BE_EMPTY, labels_of
from app.letters.languages import choices, in_order, name_of, names, tag_of, words_of
from app.letters.needed import STATES, fault_of_wording
from app.letters.page import xhtml
from app.letters.purposes import Purpose
from app.letters.wording import TEXTS, WordingRefused, ours, wording_for
from app.letters.wordings.checking import LONGEST_TEXT, WHOLE, faults_of
from app.letters.wordings.comparing import Part, compared
from app.letters.wordings.rules import of_version, packed
from tests.letters.samples import DAY, WINDOW, facts

STATED = "Away for {days_absent} from {period_from} to {period_to}, as known on {as_of}."
OURS = [
    (purpose, int(file.stem.rpartition("-")[2]))
    for purpose in Purpose
    for file in sorted(TEXTS.glob(f"{purpose.lower()}-*.toml"))
]


def content(*blocks: Mapping[str, Any], **more: str) -> dict[str, Any]:
    always = [{"kind": "paragraph", "text": STATED}, {"kind": "signature"}]
    return {"title": "A letter", "heading": "Kia ora", "blocks": [*blocks, *always], **more}


def faults(*blocks: Mapping[str, Any], **more: str) -> dict[str, str]:
    return faults_of(content(*blocks, **more), Purpose.CA, "en", DAY)


def paragraph(text: str, **more: str) -> dict[str, str]:
    return {"kind": "paragraph", "text": text, **more}


@given(st.text())
@example("{")
@example("{{student_name}}")
@example("{student_name.__class__}")
@example("<script>alert(1)</script>")
@example("\u202eterces")
@example("\x00")
@example("م")
@example("x" * 10_000)
@example("Mā\u0304ori")
def test_any_text_is_refused_with_its_place_or_comes_back_the_same(text: str) -> None:
    text = nfc(text)
    for kind in ("paragraph", "heading", "absences"):
        found = faults({"kind": kind, "text": text})
        assert set(found) <= {"1"}
        if found:
            assert found["1"].startswith("Block 1 (")
        else:
            read = of_version(packed(content({"kind": kind, "text": text})), Purpose.CA, 1, "en", DAY)
            assert read.blocks[0].text == text
            assert len(text) <= LONGEST_TEXT
    if not faults({"kind": "list", "items": [text]}):
        assert text.strip()
    for place in ("title", "heading"):
        assert set(faults(**{place: text})) <= {place}


@given(
    st.lists(
        st.fixed_dictionaries(
            {"kind": st.sampled_from([kind.value for kind in Kind])},
            optional={
                "text": st.text(),
                "items": st.lists(st.text()),
                "law": st.text(),
                "when": st.text(),
                "lang": st.text(),
            },
        )
    )
)
def test_whatever_blocks_come_nothing_raises(blocks: list[dict[str, Any]]) -> None:
    found = faults_of({"title": "A", "heading": "B", "blocks": blocks}, Purpose.CA, "sm", DAY)
    assert set(found) <= {WHOLE, *map(str, range(1, len(blocks) + 1))}


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (paragraph("to {caregiver"), "Block 1 (paragraph), character 4: a brace that is opened and not closed"),
        (paragraph("{holiday_from}"), "Block 1 (paragraph), character 1: there is no field “holiday_from”"),
        (paragraph("Year {year_level}"), "Block 1 (paragraph): “year_level” may be empty; say so by a condition"),
        (paragraph(" "), "Block 1 (paragraph): write what it says, or remove the block"),
        (
            paragraph("a 🙂"),
            "Block 1 (paragraph): the letters’ font has no “🙂” (U+1F642). Write it with other letters",
        ),
        (
            paragraph("x" * 3001),
            "Block 1 (paragraph): 3,001 characters are too many. Make it shorter, 3,000 at most",
        ),
        ({"kind": "law", "law": ""}, "Block 1 (law passage): choose a law passage, or remove the block"),
        ({"kind": "list", "items": ["x"] * 31}, "Block 1 (list): 30 items at most"),
        ({"kind": "list", "items": ["x", "{y}"]}, "Block 1 (list), item 2, character 1: there is no field “y”"),
    ],
)
def test_a_fault_says_block_and_place(block: dict[str, Any], said: str) -> None:
    assert faults(block) == {"1": said}


def test_a_letter_says_what_it_must_and_is_signed_once() -> None:
    bare = {"title": "A", "heading": "B", "blocks": [paragraph("Hello"), {"kind": "signature"}]}
    assert (
        "This letter has to say, somewhere: {days_absent} (days absent)"
        in faults_of(bare, Purpose.CA, "en", DAY)[WHOLE]
    )
    assert "{last_attended_on}" in faults_of(bare, Purpose.NEN, "en", DAY)[WHOLE]
    assert faults({"kind": "signature"}) == {WHOLE: "A letter has one block for the signature"}
    assert faults(*[paragraph("x")] * 59)[WHOLE] == "A letter has at least one block, and 60 at most"


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            [paragraph(STATED), {"kind": "signature", "when": "is_after_letter"}],
            "Block 2 (signature) is not in every letter: some would have no signature. Print it “Always”",
        ),
        (
            [paragraph(STATED, when="has_weeks"), {"kind": "signature"}],
            "Block 1 (paragraph) is not in every letter: some would have no paragraph. Print it “Always”",
        ),
        (
            [paragraph(STATED, when="has_weeks"), paragraph("Kia ora", when="has_email"), {"kind": "signature"}],
            (
                "Blocks 1 (paragraph) and 2 (paragraph) are not in every letter: some would have no paragraph. Print one of "
                "them “Always”"
            ),
        ),
        (
            [paragraph("Kia ora"), {"kind": "absences", "text": STATED, "when": "has_weeks"}, {"kind": "signature"}],
            (
                "Block 2 (table of absences) is not in every letter: some would not say {days_absent} (days absent, LET-5). "
                "Print it “Always”"
            ),
        ),
        (
            [paragraph(STATED), {"kind": "signature"}, {"kind": "signature", "when": "has_email"}],
            "Blocks 2 (signature) and 3 (signature): some letters would be signed twice. Leave one, and print it “Always”",
        ),
        (
            [{"kind": "list", "items": [STATED]}, {"kind": "signature"}],
            "A letter says something: write at least one paragraph",
        ),
        ([paragraph(STATED), {"kind": "heading", "text": "Kia ora"}], "A letter has one block for the signature"),
    ],
)
def test_no_condition_leaves_a_letter_without_what_it_must_have(blocks: list[dict[str, Any]], said: str) -> None:
    written = {"title": "A", "heading": "B", "blocks": blocks}
    assert faults_of(written, Purpose.CA, "en", DAY) == {WHOLE: said}


def test_conditions_of_which_one_always_holds_leave_nothing_out() -> None:
    blocks = [
        *(paragraph(STATED, when=when) for when in ("is_first_letter", "is_after_letter")),
        *({"kind": "signature", "when": when} for when in ("has_weeks", "has_no_weeks")),
    ]
    assert faults_of({"title": "A", "heading": "B", "blocks": blocks}, Purpose.CA, "en", DAY) == {}


@st.composite
def any_blocks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Of any kind, on any condition; now and then such as a letter can do with."""
    when = st.sampled_from(["", "", *sorted(CONDITIONS)])
    texts = st.sampled_from(["Kia ora {student_called}.", STATED])
    kinds = [
        st.fixed_dictionaries(
            {"kind": st.sampled_from(["paragraph", "heading", "absences"]), "text": texts, "when": when}
        ),
        st.fixed_dictionaries(
            {"kind": st.just("list"), "items": st.lists(texts, min_size=1, max_size=2), "when": when}
        ),
        st.fixed_dictionaries({"kind": st.just("signature"), "when": when}),
        st.fixed_dictionaries({"kind": st.just("law"), "law": st.just("privacy"), "when": when}),
    ]
    signed: list[dict[str, Any]] = [{"kind": "signature"}]
    ends = [[], [paragraph(STATED)], signed, [paragraph(STATED), *signed]]
    return [*draw(st.lists(st.one_of(kinds), max_size=5)), *draw(st.sampled_from(ends))]


@given(any_blocks(), st.sets(st.sampled_from(sorted(MAY_BE_EMPTY))), st.sampled_from([0, 3]))
@settings(max_examples=300)
def test_any_text_that_passes_gives_a_whole_letter_whatever_is_known(
    blocks: list[dict[str, Any]], unknown: set[str], weeks: int
) -> None:
    written = {"title": "A letter", "heading": "About {student_called}", "blocks": blocks}
    is_refused = bool(faults_of(written, Purpose.CA, "en", DAY))
    try:
        read = of_version(packed(written), Purpose.CA, 1, "en", DAY)
    except WordingRefused:
        assert is_refused
        return
    assert bool(fault_of_wording(read, Purpose.CA)) <= is_refused
    if is_refused:
        return
    told = facts(weeks, **dict.fromkeys(unknown, ""))
    said = xhtml(told, read, WINDOW)
    body = said[said.index("</div>\n<h1>") :]
    printed = [block.kind for block in read.filled(told).blocks]
    assert printed.count(Kind.SIGNATURE) == said.count('class="signed"') == 1
    assert Kind.PARAGRAPH in printed
    assert "<h1>About Wiremu</h1>" in body
    assert re.search(r"<p>[^<]+</p>", body)
    assert all(told.values[name] in body for name in STATES[Purpose.CA])


def test_the_name_of_a_letter_names_nobody() -> None:
    assert "names nobody" in faults(title="To {caregiver_name}")["title"]


def test_a_letter_that_states_no_absences_has_no_table_of_them() -> None:
    said = faults_of(content({"kind": "absences", "text": "Weeks"}), Purpose.NEN, "en", DAY)
    assert said["1"].startswith("Block 1 (table of absences): this letter states no days absent")


def test_a_block_in_the_language_of_its_text_and_of_no_other() -> None:
    assert not faults_of(content(paragraph("Talofa", lang="sm")), Purpose.CA, "sm", DAY)
    assert "there is no language “to”" in faults_of(content(paragraph("x", lang="to")), Purpose.CA, "sm", DAY)["1"]


@pytest.mark.parametrize(("purpose", "step"), OURS, ids=str)
def test_each_of_our_texts_could_be_written_in_the_portal(purpose: Purpose, step: int) -> None:
    assert faults_of(ours(purpose, step), purpose, "en", DAY) == {}
    assert of_version(packed(ours(purpose, step)), purpose, step, "en", DAY) == wording_for(purpose, step, DAY)


@pytest.mark.parametrize(("purpose", "step"), OURS, ids=str)
@pytest.mark.parametrize("size", [SHORT, LONG])
def test_the_invented_facts_fill_each_of_our_texts(purpose: Purpose, step: int, size: str) -> None:
    told = invented(purpose, size)
    assert not told.missing
    assert "{" not in wording_for(purpose, step, DAY).filled(told).all_text


def test_every_field_has_its_meaning_and_an_example() -> None:
    assert [row["name"] for row in rows(FIELDS)] == list(LABELS)
    for row in rows(FIELDS):
        assert row["meaning"]
        assert row["long"]
        assert bool(row["short"]) is (row["name"] not in MAY_BE_EMPTY)
    for purpose in Purpose:
        assert [row["name"] for row in fields_of_purpose(purpose)] == list(labels_of(purpose))


def test_versions_are_compared_block_by_block_and_word_by_word() -> None:
    was = content(paragraph("We rang you on Monday."), paragraph("Kept."))
    now = content(paragraph("We rang you twice on Tuesday."), paragraph("Kept."), paragraph("New."))
    changed = [line for line in compared(was, now) if not line.is_same]
    assert [line.label for line in changed] == ["Paragraph", "Paragraph"]
    assert changed[0].pieces == (
        (Part.SAME, "We rang you "),
        (Part.ADDED, "twice "),
        (Part.SAME, "on "),
        (Part.REMOVED, "Monday"),
        (Part.ADDED, "Tuesday"),
        (Part.SAME, "."),
    )
    assert changed[1].pieces == ((Part.ADDED, "New."),)
    other = content(paragraph("We rang you on Monday.", when="has_weeks"), paragraph("Kept.", lang="mi"))
    assert [line.label for line in compared(was, other) if not line.is_same] == [
        *("Paragraph", "Paragraph"),
        *("Paragraph (only where days absent were told week by week)", "Paragraph (in te reo Māori)"),
    ]
    both = content(paragraph("Kept.", when="is_after_letter", lang="en-NZ"))
    words = "in English; only where a letter went before: {former_sent_on}"
    assert f"Paragraph ({words})" in [line.label for line in compared(was, both)]


@given(st.text(), st.text())
def test_both_texts_can_be_read_off_a_comparison(was: str, now: str) -> None:
    pieces = next(
        line for line in compared(content(heading=was), content(heading=now)) if line.label == "First heading"
    ).pieces
    assert "".join(text for part, text in pieces if part is not Part.ADDED) == was
    assert "".join(text for part, text in pieces if part is not Part.REMOVED) == now


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("", "en"),
        ("English", "en"),
        ("Te Reo Maori", "mi"),
        ("māori", "mi"),
        ("SAMOAN", "sm"),
        ("Samoan, some English", "sm"),
        ("Gagana Samoa", "sm"),
        ("Tongan and English", "to"),
        ("Cook Islands Maori", "rar"),
        ("Tagalog", "fil"),
        ("Klingon", ""),
        ("?", ""),
    ],
)
def test_a_language_is_known_however_it_is_written(written: str, tag: str) -> None:
    assert tag_of(written) == tag


def test_languages_are_said_in_words() -> None:
    assert words_of("sm+en") == "Samoan and English"
    assert [in_order(asked) for asked in ("en+sm", "sm+en", "sm", "")] == ["sm+en", "sm+en", "sm", ""]
    assert name_of("tlh") == "tlh"
    assert choices(["en", "sm"]) == ["en", "sm", "sm+en"]
    assert all(tag_of(name) == tag for tag, name in names().items())


@pytest.mark.parametrize("word", ["Talofa", "T" * 60], ids=["side by side", "one after the other"])
def test_every_part_of_a_letter_says_in_which_language_it_is(word: str) -> None:
    blocks = paragraph(word), {"kind": "law", "law": "privacy"}, {"kind": "absences", "text": "Aso"}
    samoan = of_version(
        packed(content(*blocks)),
        Purpose.CA,
        1,
        "sm",
        DAY,
    )
    both = wording_for(Purpose.CA, 1, DAY).beside(samoan)
    said = xhtml(facts(), both, WINDOW)
    is_beside = 'class="beside"' in said
    assert is_beside is (word == "Talofa")
    part = re.findall(r'<section lang="sm"(?: class="second")?>.*?</section>', said, re.DOTALL)[0]
    assert "<h1>Kia ora</h1>" in part
    assert f"<p>{word}</p>" in part
    assert '<p class="law" lang="en-NZ">The school gave us' in part
    assert '<p lang="mi">Tēnā koe' in said
    assert '<div class="signed" lang="en-NZ">' in part
    caption = '<caption>* <span lang="sm">Aso</span> · <span lang="en-NZ">Half-days' if is_beside else ""
    assert (caption or '<table lang="en-NZ">\n<caption lang="sm">Aso') in said
    assert ("<p><b>Aso *</b></p>" in part) is is_beside
    alone = xhtml(facts(), samoan, WINDOW)
    assert '<section lang="sm">\n<h1>Kia ora</h1>' in alone
    assert 'class="second"' not in alone
