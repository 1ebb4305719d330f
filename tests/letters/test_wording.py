"""The texts of letters are data: checked when they are read, filled without a blank (LET-8, LET-9)."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.core.lists import rows
from app.letters.facts import LABELS, MAY_BE_EMPTY
from app.letters.fields import Incomplete, WordingRefused, fields_of, filled
from app.letters.purposes import Purpose
from app.letters.wording import CONDITIONS, LAW, NEEDS, TEXTS, Kind, law_on, read, wording_for
from tests.letters.samples import DAY, facts, wording

HEAD = 'title = "A letter"\nheading = "Kia ora"\n'
LAWS = {"duty": "The Act says so."}
VALUES = {name: f"<{name}>" for name in LABELS}


def blocks(text: str, head: str = HEAD):
    return read(head + text, "some.toml", LAWS).blocks


def block(text: str):
    return blocks(f"[[blocks]]\n{text}")[0]


def refusal(text: str, head: str = HEAD) -> str:
    with pytest.raises(WordingRefused) as refused:
        blocks(text, head)
    return str(refused.value)


def refusal_of_block(text: str) -> str:
    return refusal(f'[[blocks]]\nkind = "paragraph"\ntext = "first"\n[[blocks]]\n{text}')


@given(st.text())
@example("{")
@example("}{")
@example("{{student_name}}")
@example("{student_name!r}")
@example("{student_name.__class__}")
@example("{0}")
@example("{}")
@example("{student_name")
@example("{student_{name}}")
def test_any_text_comes_back_as_it_is_or_is_refused_with_its_place(text: str) -> None:
    try:
        names = fields_of(text, "some.toml, block 7")
    except WordingRefused as refused:
        place, _, character = str(refused).partition(", character ")
        assert place == "some.toml, block 7"
        assert text[int(character.split(":")[0]) - 1] in "{}"
    else:
        assert "{" in text or filled(text, {}) == text
        assert set(names) <= set(LABELS)


@given(st.lists(st.tuples(st.text().filter(lambda text: not set(text) & set("{}")), st.sampled_from(sorted(LABELS)))))
def test_known_fields_are_filled_and_nothing_else_is_touched(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{before}{{{name}}}" for before, name in parts)
    assert fields_of(text, "") == [name for _, name in parts]
    assert filled(text, VALUES) == "".join(f"{before}{VALUES[name]}" for before, name in parts)


@given(st.text(min_size=1))
def test_what_a_value_says_is_never_read_as_a_field(value: str) -> None:
    assume(value.strip())
    assert filled("a {student_name} b", {"student_name": value}) == f"a {value.strip()} b"
    assert filled("{student_name}", {"student_name": "{caregiver_name}"}) == "{caregiver_name}"


@pytest.mark.parametrize("value", [{}, {"student_name": ""}, {"student_name": " \n\t\u00a0"}])
def test_a_field_without_a_value_is_named_and_never_a_blank(value: dict[str, str]) -> None:
    with pytest.raises(Incomplete, match=r"^Missing: student\.$"):
        filled("for {student_name}", value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "image"\ntext = "x"', "some.toml, block 2: there is no kind “image”."),
        ('text = "x"', "some.toml, block 2: there is no kind “”."),
        ("kind = 3", "some.toml, block 2: there is no kind “3”."),
        ('kind = "paragraph"', "some.toml, block 2 (paragraph): it needs text, a text."),
        ('kind = "paragraph"\ntext = " "', "some.toml, block 2 (paragraph): it needs text, a text."),
        ('kind = "paragraph"\ntext = 3', "some.toml, block 2 (paragraph): it needs text, a text."),
        ('kind = "paragraph"\ntext = "x"\nsize = 3', "some.toml, block 2 (paragraph): there is no key “size”."),
        ('kind = "heading"\nitems = ["x"]', "some.toml, block 2 (heading): there is no key “items”."),
        ('kind = "paragraph"\nwhen = "is_rich"\ntext = "x"', "some.toml, block 2: there is no condition “is_rich”."),
        ('kind = "paragraph"\nlang = "tlh"\ntext = "x"', "some.toml, block 2: there is no language “tlh”."),
        ('kind = "paragraph"\nlang = ["mi"]\ntext = "x"', "some.toml, block 2: there is no language “['mi']”."),
        ('kind = "list"', "some.toml, block 2 (list): it needs items."),
        ('kind = "list"\nitems = []', "some.toml, block 2 (list): it needs items."),
        ('kind = "list"\nitems = ["x", ""]', "some.toml, block 2 (list): it needs item 2, a text."),
        (
            'kind = "list"\nitems = ["x", "a {b}"]',
            "some.toml, block 2 (list), item 2, character 3: there is no field “b”.",
        ),
        ('kind = "law"\nlaw = "old"', "some.toml, block 2 (law): no law passage “old” holds on that day."),
        ('kind = "signature"\ntext = "x"', "some.toml, block 2 (signature): there is no key “text”."),
        (
            'kind = "paragraph"\ntext = "to {caregiver"',
            "some.toml, block 2 (paragraph), character 4: a brace that is opened and not closed.",
        ),
        (
            'kind = "paragraph"\ntext = "to caregiver_name}"',
            "some.toml, block 2 (paragraph), character 18: a brace that is closed and was not opened.",
        ),
        (
            'kind = "paragraph"\ntext = "In year {year_level}"',
            "some.toml, block 2 (paragraph): “year_level” may be empty; say so by a condition.",
        ),
        (
            'kind = "paragraph"\nwhen = "has_email"\ntext = "In year {year_level}"',
            "some.toml, block 2 (paragraph): “year_level” may be empty; say so by a condition.",
        ),
    ],
)
def test_a_block_with_a_fault_is_refused_with_its_place(text: str, said: str) -> None:
    assert refusal_of_block(text) == said


def test_what_is_no_text_of_a_letter_is_refused() -> None:
    assert refusal("", "title = ").startswith("some.toml: Invalid value (at ")
    assert refusal("", HEAD) == "some.toml: it needs [[blocks]]."
    assert refusal("blocks = [3]") == "some.toml: it needs [[blocks]]."
    assert refusal("", 'heading = "x"\n') == "some.toml: it needs title, a text."
    assert refusal("", f"{HEAD}step = 1\n") == "some.toml: there is no key “step”."
    assert refusal("", 'title = "x"\nheading = "{y}"\n') == "some.toml, heading, character 1: there is no field “y”."


def test_the_title_names_nobody_as_it_stands_in_the_properties_of_the_file() -> None:
    assert "must name nobody" in refusal("", 'title = "To {caregiver_name}"\nheading = "x"\n')


def test_a_law_passage_has_no_fields() -> None:
    with pytest.raises(WordingRefused, match="says the same to everybody"):
        read(f'{HEAD}[[blocks]]\nkind = "law"\nlaw = "x"', "some.toml", {"x": "{student_name}"})


def test_every_kind_and_every_condition_can_be_used() -> None:
    texts = {Kind.LIST: 'items = ["x"]', Kind.LAW: 'law = "duty"', Kind.SIGNATURE: ""}
    for kind in Kind:
        for when in CONDITIONS:
            text = texts.get(kind, 'text = "x"')
            made = block(f'kind = "{kind}"\nwhen = "{when}"\nlang = "mi"\n{text}')
            assert (made.kind, made.when, made.lang) == (kind, when, "mi")


@pytest.mark.parametrize("condition", sorted(NEEDS))
def test_a_condition_asks_whether_its_fact_is_there(condition: str) -> None:
    field = NEEDS[condition]
    made = read(
        f'{HEAD}[[blocks]]\nkind = "paragraph"\nwhen = "{condition}"\ntext = "It is {{{field}}}"', "some.toml", LAWS
    )
    known: dict[str, Any] = {field: "known"}
    assert made.filled(facts(**known)).blocks[0].text == "It is known"
    for nothing in ("", " "):
        unknown: dict[str, Any] = {field: nothing}
        assert not made.filled(facts(**unknown)).blocks


def test_every_fact_that_may_be_empty_has_its_condition() -> None:
    assert set(NEEDS.values()) == MAY_BE_EMPTY


def test_a_letter_without_weeks_has_other_blocks_than_one_with_weeks() -> None:
    text = "".join(f'[[blocks]]\nkind = "paragraph"\nwhen = "{when}"\ntext = "x"\n' for when in CONDITIONS)
    made = read(HEAD + text, "some.toml", LAWS)
    assert {"has_weeks", "has_no_weeks"} & {block.when for block in made.filled(facts()).blocks} == {"has_weeks"}
    assert {"has_weeks", "has_no_weeks"} & {block.when for block in made.filled(facts(0)).blocks} == {"has_no_weeks"}


def test_the_digest_is_that_of_everything_a_letter_says_and_of_the_law() -> None:
    text = f'{HEAD}[[blocks]]\nkind = "law"\nlaw = "duty"\n[[blocks]]\nkind = "list"\nitems = ["x", "y"]\n'
    made = read(text, "some.toml", LAWS)
    others = [
        read(text.replace("A letter", "A note"), "some.toml", LAWS),
        read(text.replace("Kia ora", "Tēnā koe"), "some.toml", LAWS),
        read(text.replace('"y"', '"z"'), "some.toml", LAWS),
        read(text.replace('items = ["x", "y"]', 'when = "has_weeks"\nitems = ["x", "y"]'), "some.toml", LAWS),
        read(text, "some.toml", {"duty": "The new Act says so."}),
    ]
    assert len({made.digest, *[other.digest for other in others]}) == 1 + len(others)
    assert made.digest == read(f"# said otherwise\n{text}", "some.toml", LAWS).digest


def test_the_law_is_that_of_the_day() -> None:
    assert "duty_to_attend" in law_on(DAY)
    assert not law_on(date(1999, 1, 1))
    with pytest.raises(WordingRefused, match=r"^ca-1\.toml, block \d+ \(law\): no law passage “privacy” holds"):
        wording_for(Purpose.CA, 1, date(1999, 1, 1))


def test_a_letter_that_nobody_has_written_is_refused() -> None:
    with pytest.raises(WordingRefused, match=r"^nen-9\.toml: there is no such text\.$"):
        wording_for(Purpose.NEN, 9, DAY)


OF_OTHERS = {
    "last_attended_on": "Thursday 12 February 2026",
    "school_days_since": "13 school days",
    "holiday_from": "Monday 9 March 2026",
    "holiday_to": "Friday 13 March 2026",
}
"""What letters for other purposes state."""


@pytest.mark.parametrize("file", sorted(TEXTS.glob("*.toml")), ids=lambda file: file.stem)
def test_every_text_that_is_kept_can_be_read_and_filled(file) -> None:
    made = read(file.read_text(encoding="utf-8"), file.name, law_on(DAY))
    for weeks in (0, 9):
        said = made.filled(facts(weeks, **OF_OTHERS))
        kinds = [block.kind for block in said.blocks]
        assert kinds.count(Kind.SIGNATURE) == 1
        assert kinds.count(Kind.ABSENCES) == file.stem.startswith(("ca", "school"))
        assert {block.lang for block in said.blocks} == {"", "mi"}
        assert "{" not in said.all_text


def test_every_law_passage_is_dated_sourced_and_used() -> None:
    texts = [read(file.read_text(encoding="utf-8"), file.name, law_on(DAY)) for file in TEXTS.glob("*.toml")]
    used = {block.text for text in texts for block in text.blocks if block.kind is Kind.LAW}
    for row in rows(LAW):
        assert row["source"]
        date.fromisoformat(row["valid_from"])
        assert row["text"] in used


def test_letter_1_threatens_nothing() -> None:
    said = wording().all_text.casefold()
    assert not [word for word in ("prosecut", "court", "fine", "warning", "must", "section", "duty") if word in said]


@pytest.mark.parametrize("step", [1, 2])
def test_no_letter_promises_to_ring_somebody_who_may_have_no_phone(step: int) -> None:
    said = wording_for(Purpose.CA, step, DAY).all_text
    assert "I will get in touch within five working days" in said
    assert "I will ring" not in said


def test_letter_2_names_the_duty_its_section_and_the_letter_before() -> None:
    said = wording(2).filled(facts()).all_text
    assert "section 36" in said
    assert "We wrote to you on Monday 9 March 2026" in said
    assert "$" not in said
