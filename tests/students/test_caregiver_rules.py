"""What may be recorded of a caregiver, and what a page tells two people who edit it at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.versions import changed_since, version_of
from app.students.models import LettersBy, Tried
from app.students.rules import DETAILS, FIELDS, LIMITS, CaregiverFacts, fault_of, settled
from app.workspace.caregiver_form import LABELS
from app.written.meanwhile import Texts

TODAY = date(2026, 11, 17)
NGAIRE = CaregiverFacts("Ngaire Te Whānau", "mother", address="12 Kōwhai Street", address_source="The school")
IN_WORDS = {"letters_by", *(f"{detail}_state" for detail in DETAILS)}
"""What holds one of a few words."""


def test_what_is_in_order_has_no_fault() -> None:
    assert not fault_of(NGAIRE, TODAY)
    assert not fault_of(CaregiverFacts("Nan", "nan"), TODAY)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": ""}),
        ("relationship", {"relationship": ""}),
        ("contact_note", {"may_be_contacted": False}),
        ("address_source", {"address_source": ""}),
        ("address_checked_on", {"address_state": Tried.CURRENT}),
        ("address_checked_on", {"address_checked_on": TODAY + timedelta(days=1)}),
        ("phone", {"phone": "not a number"}),
        ("email", {"email": "not an address"}),
        ("phone_checked_on", {"phone_state": Tried.NOT_CURRENT}),
        ("email_checked_on", {"email_checked_on": TODAY + timedelta(days=1)}),
        ("letters_by", {"letters_by": LettersBy.EMAIL, "letters_by_on": TODAY}),
        ("letters_by_on", {"letters_by": LettersBy.POST}),
        *[(field, {field: "a" * (limit + 1)}) for field, limit in LIMITS.items() if field not in IN_WORDS],
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, values: dict[str, object]) -> None:
    assert set(fault_of(replace(NGAIRE, **values), TODAY)) == {field}  # type: ignore[arg-type]


def test_an_address_that_stays_needs_no_source() -> None:
    was = replace(NGAIRE, address_source="")
    assert not fault_of(replace(was, phone="04 555 0100"), TODAY, was=was)
    assert fault_of(replace(was, address="7 Rātā Road"), TODAY, was=was)


@pytest.mark.parametrize("detail", DETAILS)
def test_another_number_is_not_tried_unless_something_is_said_of_it(detail: str) -> None:
    known = {f"{detail}_state": Tried.NOT_CURRENT, f"{detail}_checked_on": TODAY}
    was = replace(NGAIRE, **{detail: "Former"}, **known)  # type: ignore[arg-type]
    new = settled(replace(was, **{detail: "New"}), was)  # type: ignore[arg-type]
    assert (getattr(new, f"{detail}_state"), getattr(new, f"{detail}_checked_on")) == (Tried.NOT_TRIED, None)
    said = replace(was, **{detail: "New", f"{detail}_state": Tried.CURRENT})  # type: ignore[arg-type]
    assert settled(said, was) == said
    assert settled(replace(was, relationship="nan"), was) == replace(was, relationship="nan")


def test_every_field_has_a_label_on_the_page() -> None:
    assert set(LABELS) == set(FIELDS) == set(NGAIRE.texts)


TEXTS = st.fixed_dictionaries({name: st.text(max_size=3) for name in "abc"})


@given(TEXTS, TEXTS)
def test_a_version_tells_exactly_which_fields_are_others(was: dict[str, str], now: dict[str, str]) -> None:
    assert changed_since(version_of(was), now) == {name for name in was if was[name] != now[name]}


@pytest.mark.parametrize("spoilt", ["", "abc", "a b c d", "nonsense " * 9])
def test_of_a_spoilt_version_everything_is_another(spoilt: str) -> None:
    assert changed_since(spoilt, {"a": "", "b": "", "c": ""}) == {"a", "b", "c"}


@given(TEXTS, TEXTS, TEXTS)
def test_of_two_edits_neither_is_lost(was: dict[str, str], theirs: dict[str, str], mine: dict[str, str]) -> None:
    """What only one changed is theirs or mine; what both changed is mine in the form, theirs beside it."""
    texts = Texts(version_of(was), theirs, mine)
    merged = texts.merged(theirs, mine)
    shown = {each.label: each for each in texts.changed({name: name for name in was})}
    for name, before in was.items():
        assert merged[name] == (mine[name] if mine[name] != before else theirs[name])
        if merged[name] != theirs[name] and theirs[name] != before:
            assert (shown[name].now, shown[name].mine) == (theirs[name], mine[name])
