"""The same national student number is the same student (REQ-10)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.cases.queries import case_for
from app.core.db import db
from app.core.errors import Refused
from app.referrals.models import Outcome, Referral
from app.referrals.routing import known_case
from app.students.actions import add_student
from app.students.models import Student
from tests import make

BORN = date(2011, 5, 4)


@pytest.fixture
def hemi(world: make.World) -> Student:
    """Of Tawa Awa College."""
    found = db.session.get_one(Student, world.whanau.id)
    found.national_number, found.preferred_name = "123456", "Hēmi Awa"
    db.session.flush()
    return found


def students() -> int:
    return db.session.scalar(select(func.count()).select_from(Student)) or 0


@pytest.mark.parametrize("name", ["Hēmi Whānau", "hemi whanau", "Whānau Hēmi", "Hemi Awa"])
def test_a_known_number_is_that_record_as_it_stands(hemi: Student, name: str) -> None:
    before = students()
    added = add_student(legal_name=name, born_on=BORN, national_number=" 123 456", address="9 New Street")
    assert (added.id, added.legal_name, added.address) == (hemi.id, "Hēmi Whānau", "")
    assert students() == before


@pytest.mark.parametrize(
    ("name", "born_on"), [("Hēmi Parata", BORN), ("Hēmi", BORN), ("Hēmi Whānau", date(2011, 4, 5)), ("", BORN)]
)
def test_with_another_name_or_date_the_number_is_to_be_checked(hemi: Student, name: str, born_on: date) -> None:
    """Nothing is told of who has it."""
    before = students()
    with pytest.raises(Refused) as refused:
        add_student(legal_name=name, born_on=born_on, national_number="123456")
    said = f"{refused.value.why} {refused.value.who_can}"
    assert "Check the number" in said
    assert not any(word in said for word in ("Hēmi", "Whānau", "Awa", "2011", "May"))
    assert students() == before


def test_without_a_number_or_with_a_new_one_it_is_another_record(hemi: Student) -> None:
    same = {"legal_name": "Hēmi Whānau", "born_on": BORN}
    added = [add_student(**same, national_number=number) for number in (None, "", "  ", "654321")]  # type: ignore[arg-type]
    assert len({hemi.id, *(each.id for each in added)}) == 5
    assert [each.national_number for each in added] == [None, None, None, "654321"]


def test_a_request_of_another_school_joins_the_case_and_tells_nothing_of_it_before(
    world: make.World, hemi: Student
) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    added = add_student(legal_name="Hēmi Whānau", born_on=BORN, national_number="123456")
    assert known_case(world.jin, added.id) is None
    assert case_for(world.jin, case.number) is None
    make.enrolled(added.id, world.puna)
    pupil = make.Pupil(added.id, added.public_id, added.name)
    assert make.submitted(world.jin, pupil, contact=world.jin).id == case.id
    assert db.session.scalar(select(Referral.outcome).order_by(Referral.id.desc()).limit(1)) is Outcome.JOINED
