"""Cases are found by name whether or not one types the macron, by whom they concern and by nobody else (P14)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.cases.models import Case, Part, Status
from app.cases.parts import name_person
from app.cases.search.queries import MOST, Found, cases_found
from app.cases.search.rules import MOST_WORDS, sought
from app.cases.standing import move
from app.core import clock
from app.core.db import db
from app.people.models import Role
from app.people.queries import Actor
from app.students.models import Enrolment
from tests import make
from tests.support.statements import Statements

EVERYBODY = [key for key, *_ in make.WHO]
FIND = {"priya", "mere", "tom", "ruth", "ana", "david"}  # org, org, own, org, org, org
OPEN = FIND - {"david"}


@pytest.fixture
def case(world: make.World) -> Case:
    """Hēmi's, with Ana; Tom is the contact."""
    return make.open_case(world)


def found(who: Actor, typed: str) -> Found:
    return cases_found(who, sought(typed))


def names(who: Actor, typed: str) -> list[str]:
    return [row.legal_name for row in found(who, typed).cases]


def asked_for(world: make.World, name: str, *, preferred: str = "") -> Case:
    return make.submitted(
        world.priya, make.student(name, world.tawa, preferred=preferred), contact=world.tom, **make.SAFETY
    )


@pytest.mark.parametrize(
    "typed",
    [
        "whanau",
        "Whānau",
        "WHĀNAU",
        "wha\u0304nau",
        "w",
        "wh",
        "Hemi whanau",
        "whanau hēmi",
        "wh h",
        "hemi hem he",
        "wh%",
        "wh_",
    ],
)
def test_hēmi_whānau_is_found(world: make.World, case: Case, typed: str) -> None:  # noqa: PLC2401 (the macron is the point)
    for who in (world.ruth, world.mere, world.tom):
        assert names(who, typed) == ["Hēmi Whānau"], who.name


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Sione Fa‘asavalu", "faasavalu"),
        ("Sione Fa‘asavalu", "fa'asav"),
        ("Sione Faasavalu", "Fa‘asavalu"),
        ("Aroha Waititi-Lafaele", "lafaele"),
        ("Aroha Waititi-Lafaele", "waititi-lafaele"),
        ("Aroha Waititi-Lafaele", "waititilafaele"),
        ("Mia O’Brien", "brien"),
        ("Mia O’Brien", "obrien mia"),
        ("Mei Wu", "wu"),
        ("Ng Ng", "ng"),
        ("Anaïs Øster", "anais oster"),
        ("Zed 50%", "50%"),
    ],
)
def test_a_name_is_found_as_people_type_it(world: make.World, name: str, typed: str) -> None:
    asked_for(world, name)
    for who in (world.ruth, world.priya):
        assert names(who, typed) == [name]


def test_preferred_and_legal_names_find_also_together(world: make.World) -> None:
    asked_for(world, "Alexandra Tau", preferred="Lexi Te Rangi")
    for typed in ("lexi", "alexandra", "lexi tau", "te rangi alexandra"):
        assert names(world.ruth, typed) == ["Alexandra Tau"]


@pytest.mark.parametrize(
    "typed", ["whanau grace", "hanau", "emi", "%", "_", "w_anau", "w%u", "'; drop table student", "“"]
)
def test_what_begins_no_word_finds_nobody(world: make.World, case: Case, typed: str) -> None:
    assert names(world.ruth, typed) == []


@pytest.mark.parametrize("typed", ["", "   ", "-", "\0", "‘", "\ud7ff" * 500, "x" * 5000, "a " * 2000])
def test_odd_texts_find_nobody(world: make.World, case: Case, typed: str) -> None:
    assert names(world.ruth, typed) == []


def test_nul_is_a_space(world: make.World, case: Case) -> None:
    assert names(world.ruth, "hemi\0whanau") == ["Hēmi Whānau"]


def test_more_words_than_a_name_has_are_not_asked_for(world: make.World, case: Case, statements: Statements) -> None:
    too_many = sought(" ".join(chr(97 + number) for number in range(MOST_WORDS + 1)))
    assert too_many.is_too_much
    with statements.counted():
        assert not cases_found(world.ruth, too_many).cases
    assert statements.count == 0


def test_the_exact_word_comes_first_then_by_name(world: make.World) -> None:
    for name in ("Ngaire Adams", "Aroha Ngata", "Zoe Ng", "Bella Ng", "Ng Adams", "Nga Ng"):
        asked_for(world, name)
    assert names(world.ruth, "ng") == ["Ng Adams", "Bella Ng", "Nga Ng", "Zoe Ng", "Ngaire Adams", "Aroha Ngata"]
    assert names(world.ruth, "ng z") == ["Zoe Ng"]


def test_a_student_with_several_such_words_stands_once(world: make.World) -> None:
    asked_for(world, "Tama Tamati-Tau", preferred="Tams Tau")
    assert names(world.ruth, "ta") == ["Tama Tamati-Tau"]
    assert names(world.mere, "t ta tam tau") == ["Tama Tamati-Tau"]


def test_more_than_a_page_is_said(world: make.World) -> None:
    for number in range(MOST):
        asked_for(world, f"Tama Number{number:02}")
    assert (len(names(world.ruth, "tama")), found(world.ruth, "tama").has_more) == (MOST, False)
    asked_for(world, "Tama Another")
    assert (len(names(world.ruth, "tama")), found(world.ruth, "tama").has_more) == (MOST, True)


@pytest.mark.parametrize("write", [str, lambda number: number.replace("-", ""), lambda number: f" {number} "])
def test_a_number_typed_whole_finds_its_case(world: make.World, case: Case, write: Callable[[str], str]) -> None:
    asked_for(world, "Tama Tau")
    assert names(world.ruth, write(case.number)) == ["Hēmi Whānau"]
    assert names(world.ruth, case.number[:-1]) == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_case_is_found_by_exactly_those_whom_it_concerns(world: make.World, case: Case, who: str) -> None:
    for typed in ("hemi whanau", case.number):
        rows = found(world.people[who], typed).cases
        assert [row.number for row in rows] == ([case.number] if who in FIND else [])
        assert [bool(row.opens) for row in rows] == ([who in OPEN] if who in FIND else [])


def test_what_is_shown_is_who_has_it_and_the_year(world: make.World, case: Case) -> None:
    (row,) = found(world.david, "hemi").cases
    assert (row.manager_name, row.year_level, row.status) == ("Ana Tuhoro", make.YEAR_LEVEL, None)
    assert [row.status for row in found(world.ruth, "hemi").cases] == [Status.OPEN]
    assert [row.manager_name for row in found(world.ruth, asked_for(world, "Tama Tau").number).cases] == [None]


def test_with_the_setting_a_case_manager_may_open_what_they_find(world: make.World, case: Case) -> None:
    assert [bool(row.opens) for row in found(make.seeing_service_cases(world.david), "hemi").cases] == [True]
    assert not found(make.seeing_service_cases(world.wiremu), "hemi").cases


def test_nobody_is_found_who_has_no_case(world: make.World, case: Case) -> None:
    assert names(world.mere, "grace") == names(world.ruth, "grace") == names(world.jin, "mikaere") == []


def test_a_student_who_left_is_found_by_the_school_no_more(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    make.left(world.whanau, world.tawa)
    assert {who for who in EVERYBODY if names(world.people[who], "whanau")} == {"ruth", "ana", "david", "jin", "sione"}


def test_a_student_who_is_yet_to_come_is_not_found(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna, from_on=clock.today() + timedelta(days=1))
    assert names(world.jin, "whanau") == []
    coming = select(Enrolment).where(Enrolment.student_id == case.student_id, Enrolment.school_id == world.puna.id)
    db.session.scalars(coming).one().from_on = clock.today()
    db.session.flush()
    assert names(world.jin, "whanau") == ["Hēmi Whānau"]


def test_a_case_given_to_another_service_is_found_there(world: make.World, case: Case) -> None:
    move(case, service_id=world.maunga.id, by=world.ruth)
    db.session.flush()
    assert {who for who in EVERYBODY if names(world.people[who], "whanau")} == {
        "lupe",
        "wiremu",
        "priya",
        "mere",
        "tom",
    }


def test_a_contact_finds_what_they_are_named_on(world: make.World, case: Case) -> None:
    assert names(world.aroha, "whanau") == names(world.aroha, case.number) == []
    name_person(case, world.aroha.person_id, Part.SECONDARY_CONTACT, organisation_id=world.tawa.id, by=world.mere)
    assert names(world.aroha, "whanau") == names(world.aroha, case.number) == ["Hēmi Whānau"]


def test_who_manages_a_case_finds_nothing_in_a_role_at_a_school(world: make.World, case: Case) -> None:
    assert names(make.actor(world.ana, Role.PRIMARY_CONTACT, world.tawa), "whanau") == []


def test_a_closed_case_is_found_after_the_one_that_is_not(world: make.World, case: Case) -> None:
    make.closed(case, by=world.ruth)
    assert [row.status for row in found(world.mere, "whanau").cases] == [Status.CLOSED]
    later = make.submitted(world.priya, make.student("Hemi Whanau", world.tawa), contact=world.tom)
    later.student_id = case.student_id
    db.session.flush()
    for who in (world.ruth, world.david, world.mere, world.tom):
        assert [row.number for row in found(who, "whanau").cases] == [later.number, case.number]


@pytest.mark.parametrize("typed", ["whanau", "hemi whanau", "h w", "26-000001-3"])
def test_finding_is_one_statement(world: make.World, case: Case, statements: Statements, typed: str) -> None:
    for who in (world.ruth, world.david, world.mere, world.tom):
        with statements.counted():
            found(who, typed)
        assert statements.count == 1
