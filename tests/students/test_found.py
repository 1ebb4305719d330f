"""Students are found whether or not one types the macron, on one's own school's roll and nowhere else (P14)."""

from datetime import timedelta

import pytest

from app.core import clock
from app.students.caregivers.actions import add_caregiver
from app.students.queries import caregivers_given_by, student_with_caregiver, students_found
from tests import make
from tests.support.statements import Statements


def found(world: make.World, text: str) -> list[str]:
    return [row.legal_name for row in students_found(world.mere, text)]


@pytest.mark.parametrize("typed", ["whanau", "Whānau", "WHĀNAU", "whan", "Hemi whanau", "whanau hemi"])
def test_whanau_finds_whānau(world: make.World, typed: str) -> None:  # noqa: PLC2401 (the macron is the point)
    assert found(world, typed) == ["Hēmi Whānau"]


def test_two_letters_find_ng(world: make.World) -> None:
    assert found(world, "Ng") == ["Grace Ng"]


def test_the_exact_name_comes_before_names_that_begin_so(world: make.World) -> None:
    make.student("Aroha Ngata", world.tawa)
    assert found(world, "ng") == ["Grace Ng", "Aroha Ngata"]


@pytest.mark.parametrize("typed", ["", "   ", "-", "zzz", "Whanau Grace"])
def test_nothing_is_found_by(world: make.World, typed: str) -> None:
    assert found(world, typed) == []


def test_a_preferred_name_finds(world: make.World) -> None:
    make.student("Alexandra Fa‘asavalu", world.tawa, preferred="Lexi")
    assert found(world, "lexi faasavalu") == ["Alexandra Fa‘asavalu"]


def test_a_student_of_another_school_is_never_found(world: make.World) -> None:
    assert "Mikaere Whānau" not in found(world, "whanau")
    assert student_with_caregiver(world.mere, world.other.public_id) is None
    assert student_with_caregiver(world.jin, world.other.public_id) is not None


def test_a_student_who_left_is_not_on_the_roll(world: make.World) -> None:
    gone = make.student("Wiki Left", world.puna)
    make.enrolled(gone.id, world.tawa, to_on=clock.today() - timedelta(days=1))
    assert found(world, "wiki") == []


def test_the_last_day_of_an_enrolment_counts(world: make.World) -> None:
    leaving = make.student("Wiki Leaving", world.puna)
    make.enrolled(leaving.id, world.tawa, to_on=clock.today())
    assert found(world, "wiki") == ["Wiki Leaving"]


def test_a_student_who_has_yet_to_come_is_not_on_the_roll(world: make.World) -> None:
    coming = make.student("Wiki Coming", world.puna)
    make.enrolled(coming.id, world.tawa, from_on=clock.today() + timedelta(days=1))
    assert found(world, "wiki") == []


def test_at_most_twenty_are_found(world: make.World) -> None:
    for number in range(25):
        make.student(f"Tama Number{number}", world.tawa)
    assert len(found(world, "tama")) == 20


def test_finding_is_one_statement(world: make.World, statements: Statements) -> None:
    with statements.counted():
        students_found(world.mere, "whanau hemi")
    assert statements.count == 1


def test_a_school_knows_only_the_caregivers_it_named(world: make.World) -> None:
    add_caregiver(world.whanau.id, given_by=world.puna.id, name="Elsewhere", relationship="aunt", phone="04 555 0101")
    add_caregiver(world.whanau.id, given_by=world.tawa.id, name="Here", relationship="nan", phone="04 555 0102")
    assert [row.name for row in caregivers_given_by(world.tawa.id, world.whanau.id)] == ["Here"]
