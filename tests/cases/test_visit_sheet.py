"""Where to go and whom to meet, as a visit sheet says it (P16)."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.cases.visits.rules import CUT, LONGEST_LINE, MOST_PEOPLE, MOST_PLACES, line, sheet_of
from app.students.models import Tried

STUDENT = {"home": "", "student_phone": "", "student_language": "", "needs_interpreter": None}
NOBODY = {
    **dict.fromkeys(("name", "relationship", "contact_note", "phone", "language", "address"), ""),
    **dict.fromkeys(("may_be_contacted", "lives_with_student")),
    **dict.fromkeys(("phone_state", "address_state"), Tried.NOT_TRIED),
}


def row(**said: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**STUDENT, **NOBODY, **said})


def test_current_addresses_come_first_and_each_stands_once() -> None:
    known = [
        row(home="1 Rātā Street\nTawa", name="Nan", address="2 Moa Road", address_state=Tried.NOT_CURRENT),
        row(home="1 Rātā Street\nTawa", name="Mum", address="1 Rata Street, Tawa", address_state=Tried.CURRENT),
        row(home="1 Rātā Street\nTawa", name="Dad", address="3 Kea Lane"),
    ]
    places = sheet_of(known).places
    assert [(place.address, place.state) for place in places] == [
        ("1 Rata Street, Tawa", Tried.CURRENT),
        ("3 Kea Lane", Tried.NOT_TRIED),
        ("2 Moa Road", Tried.NOT_CURRENT),
    ]
    assert places[0].whose == "the student and Mum"


def test_who_may_not_be_contacted_is_said_and_not_among_those_to_meet() -> None:
    sheet = sheet_of(
        [
            row(name="Dad", relationship="father", may_be_contacted=False, contact_note="Court order"),
            row(name="Aunty", relationship="aunt", phone="04 555 0100", phone_state=Tried.CURRENT),
            row(name="Nan", relationship="nan", lives_with_student=True, contact_note="After 3", language="Samoan"),
        ]
    )
    assert sheet.barred == ["Dad, father: Court order"]
    assert [person.who for person in sheet.people] == ["Nan, nan, lives with the student", "Aunty, aunt"]
    assert [person.phone for person in sheet.people] == ["no phone known", "04 555 0100 (current)"]
    assert (sheet.people[0].how, sheet.people[0].language) == ("After 3", "Samoan")


def test_nobody_is_sent_to_the_address_of_somebody_who_may_not_be_contacted() -> None:
    home, barred = "1 Rātā Street\nTawa", {"may_be_contacted": False, "contact_note": "Court order"}
    known = [
        row(home=home, name="Dad", address="3 Kea Lane", **barred),
        row(home=home, name="Pop", address="1 Rata Street, Tawa", address_state=Tried.CURRENT, **barred),
        row(home=home, name="Nan", address="2 Moa Road"),
        row(home=home, name="Koro", address="2 Moa Road", **barred),
    ]
    sheet = sheet_of(known)
    assert [(place.address, place.whose, place.state, place.not_to_meet) for place in sheet.places] == [
        ("1 Rata Street, Tawa", "the student", Tried.CURRENT, "Pop"),
        ("2 Moa Road", "Nan", Tried.NOT_TRIED, "Koro"),
    ]
    assert sheet.rest == 1


@pytest.mark.parametrize(
    ("needs", "said"),
    [(True, "an interpreter is needed"), (False, "no interpreter needed"), (None, "interpreter: not known")],
)
def test_the_language_says_whether_an_interpreter_is_needed(needs: bool | None, said: str) -> None:
    assert sheet_of([row(student_language="Tongan", needs_interpreter=needs)]).language == f"Tongan; {said}"


def test_what_does_not_fit_is_counted_and_cut_between_words() -> None:
    many = [row(name=f"Aunty {number}", address=f"{number} Moa Road") for number in range(9)]
    sheet = sheet_of(many)
    assert (len(sheet.places), len(sheet.people)) == (MOST_PLACES, MOST_PEOPLE)
    assert sheet.rest == 18 - MOST_PLACES - MOST_PEOPLE
    cut = line("word " * 100)
    assert len(cut) <= LONGEST_LINE
    assert cut.endswith(f"word{CUT}")
    assert line("a\n b") == "a b"
