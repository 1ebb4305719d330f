"""A school adds a student whom its roll does not name yet: how it is known, and that nothing else is told (CAL-5, REQ-10)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.cases.arrivals.actions import add_newcomer
from app.cases.arrivals.rules import LIMITS, Newcomer, fault_of_newcomer
from app.cases.queries import case_for
from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Audit, Outbox
from app.referrals.models import LikelyMatch, Outcome, Referral
from app.referrals.routing import known_case
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.queries import student_with_caregiver, students_found
from tests import make

BORN, BEGUN = date(2011, 5, 4), date(2026, 2, 2)
ANI = Newcomer("Ani Rua", date(2012, 5, 4), BEGUN, 9, "Enrolment form of 2 February", preferred_name="Nan")
HEMI = Newcomer("Hemi Whanau", BORN, BEGUN, 10, "Rang his nan", national_number="123456")


def students() -> int:
    return db.session.scalar(select(func.count()).select_from(Student)) or 0


def enrolments(student: Student) -> list[Enrolment]:
    return list(db.session.scalars(select(Enrolment).where(Enrolment.student_id == student.id).order_by(Enrolment.id)))


def pupil(student: Student) -> make.Pupil:
    return make.Pupil(student.id, student.public_id, student.name)


@pytest.fixture
def hemi(world: make.World) -> Student:
    """Of Tawa Awa College, with a number and an address."""
    found = db.session.get_one(Student, world.whanau.id)
    found.national_number, found.address = "123456", "12 Kōwhai Street"
    db.session.flush()
    return found


def test_who_recorded_it_and_how_they_know_stands_with_the_enrolment(world: make.World) -> None:
    added = add_newcomer(ANI, by=world.priya)
    (enrolment,) = enrolments(added)
    assert (enrolment.source, enrolment.evidence) == (EnrolmentSource.PERSON, ANI.evidence)
    assert (enrolment.recorded_by_id, enrolment.school_id) == (world.priya.person_id, world.tawa.id)
    assert (enrolment.from_on, enrolment.year_level, added.preferred_name) == (BEGUN, 9, "Nan")
    assert "enrolment.recorded" in db.session.scalars(select(Audit.event)).all()


def test_the_school_finds_them_by_either_name_and_no_other_does(world: make.World) -> None:
    added = add_newcomer(ANI, by=world.priya)
    assert [row.id for row in students_found(world.aroha, "nan rua")] == [added.id]
    assert students_found(world.jin, "nan rua") == []


@pytest.mark.parametrize("name", ["Hēmi Whānau", "hemi whanau", "Whānau Hēmi"])
def test_who_is_on_the_list_already_is_that_student(world: make.World, hemi: Student, name: str) -> None:
    before = students()
    for number in ("", "123456"):
        there = add_newcomer(replace(HEMI, legal_name=name, national_number=number), by=world.priya)
        assert there.id == hemi.id
    assert students() == before
    assert [each.source for each in enrolments(hemi)] == [EnrolmentSource.ROLL]


def test_added_twice_it_is_one_student(world: make.World) -> None:
    first, second = add_newcomer(ANI, by=world.priya), add_newcomer(replace(ANI, evidence="Again"), by=world.mere)
    assert first.id == second.id
    assert len(enrolments(first)) == 1


def test_one_of_the_same_name_and_day_with_another_number_is_somebody_else(world: make.World, hemi: Student) -> None:
    assert add_newcomer(replace(HEMI, national_number="654321"), by=world.priya).id != hemi.id


def test_a_known_number_of_another_school_is_that_record_and_tells_nothing(world: make.World, hemi: Student) -> None:
    case = make.open_case(world)
    added = add_newcomer(HEMI, by=world.jin)
    assert added.id == hemi.id
    assert known_case(world.jin, added.id) is None
    assert case_for(world.jin, case.number) is None
    row = student_with_caregiver(world.jin, added.public_id)
    assert row is not None
    assert (row.address, row.caregiver_name) == ("", None)
    (enrolment,) = [each for each in enrolments(added) if each.school_id == world.puna.id]
    assert (enrolment.cases_from or clock.today()) > clock.today()
    told = db.session.scalars(select(Outbox.person_id).where(Outbox.event == "student.arrived"))
    assert set(told) == {world.ana.person_id}, "who has the case may look through it first"


def test_its_request_goes_on_in_the_case(world: make.World, hemi: Student) -> None:
    case = make.open_case(world)
    added = add_newcomer(HEMI, by=world.jin)
    assert make.submitted(world.jin, pupil(added), contact=world.jin).id == case.id
    assert db.session.scalar(select(Referral.outcome).order_by(Referral.id.desc()).limit(1)) is Outcome.JOINED


def test_without_a_number_a_likely_match_is_put_to_the_service_and_the_school_learns_nothing(
    world: make.World, hemi: Student
) -> None:
    case = make.open_case(world)
    added = add_newcomer(replace(HEMI, legal_name="Hēmi Whānau", national_number=""), by=world.jin)
    assert added.id != hemi.id
    own = make.submitted(world.jin, pupil(added), contact=world.jin)
    assert own.id != case.id
    assert db.session.scalars(select(LikelyMatch.other_case_id)).all() == [case.id]
    assert case_for(world.jin, case.number) is None


def test_a_number_that_goes_with_somebody_else_is_refused_without_saying_who(world: make.World, hemi: Student) -> None:
    before = students()
    with pytest.raises(Refused) as refused:
        add_newcomer(replace(HEMI, legal_name="Mele Tau"), by=world.jin)
    assert "Check the number" in refused.value.why
    assert "mi Wh" not in refused.value.why
    assert students() == before


TODAY = date(2026, 3, 3)
LATER = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("legal_name", ["", "x" * (LIMITS["legal_name"] + 1)]),
        ("preferred_name", ["x" * (LIMITS["preferred_name"] + 1)]),
        ("born_on", [None, date(2001, 3, 2), date(2022, 3, 4)]),
        ("year_level", [None, -1, 14]),
        ("national_number", ["12a", "12345678901", "１２３"]),
        ("enrolled_on", [None, LATER, date(2012, 5, 3)]),
        ("evidence", ["", "x" * (LIMITS["evidence"] + 1)]),
    ],
)
def test_what_is_missing_or_cannot_be_is_said(field: str, values: list[object]) -> None:
    for value in values:
        assert list(fault_of_newcomer(replace(ANI, **{field: value}), TODAY)) == [field]  # type: ignore[arg-type]


def test_nobody_is_born_tomorrow() -> None:
    assert "still to come" in fault_of_newcomer(replace(ANI, born_on=LATER), TODAY)["born_on"]


def test_the_days_at_the_edges_are_in_order() -> None:
    for told in (
        replace(ANI, enrolled_on=TODAY),
        replace(ANI, born_on=date(2001, 3, 3)),
        replace(ANI, born_on=date(2022, 3, 3)),
        replace(ANI, national_number="1234567890", year_level=13),
        replace(ANI, enrolled_on=ANI.born_on),
    ):
        assert fault_of_newcomer(told, TODAY) == {}


def test_what_is_wrong_is_never_written(world: make.World) -> None:
    before = students()
    with pytest.raises(Refused):
        add_newcomer(replace(ANI, evidence=""), by=world.priya)
    assert students() == before
