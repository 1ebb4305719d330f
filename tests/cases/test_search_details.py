"""Cases are found by date of birth, national number, address and phone, by whoever may read those and by nobody else (P14)."""

from datetime import date

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.cases.search.queries import Found, cases_found
from app.cases.search.rules import Sought, sought
from app.cases.standing import move
from app.core import clock
from app.core.db import db
from app.core.versions import version_of
from app.people.queries import Actor
from app.students.caregivers.actions import add_caregiver, change_caregiver, end_caregiver
from app.students.models import NameWord, Student
from app.students.queries import caregivers_of
from app.students.records.finding import find_again, find_by_details, find_by_names
from app.students.records.models import DetailWord, FormerStudent
from app.students.rules import CaregiverFacts, facts_of
from tests import make
from tests.support.statements import Statements

EVERYBODY = [key for key, *_ in make.WHO]
WORKS_IT = {"ruth", "ana"}
AT_SCHOOL = {"priya", "mere", "tom"}
BORN = date(2014, 4, 3)


@pytest.fixture
def case(world: make.World) -> Case:
    """Wiki’s, with Ana; the roll has where they live. Tom is the contact."""
    wiki = make.student("Wiki Rangi", world.tawa, born_on=BORN, address="14 Rātā Street\nTawa")
    student = db.session.get_one(Student, wiki.id)
    student.national_number, student.phone = "9900000123", "021 555 777"
    db.session.flush()
    find_by_details(wiki.id)
    asked = make.submitted(world.priya, wiki, contact=world.tom, caregiver_phone="04 555 0177")
    return make.assigned(asked, to=world.ana, by=world.ruth)


def found(who: Actor, typed: str) -> Found:
    return cases_found(who, sought(typed))


def finders(world: make.World, typed: str) -> set[str]:
    return {who for who in EVERYBODY if found(world.people[who], typed).cases}


@pytest.mark.parametrize(
    "typed",
    [
        *("3/4/2014", "03-04-2014", "3.4.14", "3 April 2014", "3 apr 2014", "2014-04-03", "3 4 2014", " 3/4/2014 "),
        *("9900000123", "9900 000 123"),
        *("14 Rata", "14 Rātā St", "rata street", "Rata st, Tawa", "14 rata street tawa"),
        *("04 555 0177", "045550177", "+64 4 555 0177", "(04) 555-0177", "0064 4 5550177", "555 0177", "04 555 01"),
        *("021 555 777", "+64 (0)21 555777", "021555"),
    ],
)
def test_who_works_a_case_and_its_school_find_it_by_what_is_recorded(world: make.World, case: Case, typed: str) -> None:
    """David of the same service would learn whose phone it is."""
    assert finders(world, typed) == WORKS_IT | AT_SCHOOL


@pytest.mark.parametrize(
    "typed",
    ["4/3/2014", "3/4", "9900000124", "4 Rata", "14 Rata Road", "Tawa", "14", "021 555 778", "5550", "+61 4 555 0177"],
)
def test_something_else_finds_nobody(world: make.World, case: Case, typed: str) -> None:
    assert finders(world, typed) == set()


def test_a_colleague_who_may_open_the_case_finds_it_by_the_student_and_not_by_phone(
    world: make.World, case: Case
) -> None:
    colleague = make.seeing_service_cases(world.david)
    assert [bool(found(colleague, typed).cases) for typed in ("3/4/2014", "9900000123")] == [True, True]
    assert [bool(found(colleague, typed).cases) for typed in ("04 555 0177", "14 Rata")] == [False, False]


def test_a_school_finds_by_what_it_gave_only(world: make.World, case: Case) -> None:
    """What the service found out stands in no word of the school's."""
    add_caregiver(case.student_id, given_by=world.te_awa.id, name="Aunty", relationship="aunt", phone="04 555 0188")
    assert finders(world, "04 555 0188") == WORKS_IT
    nan = caregivers_of(case.student_id)[0]
    changed = {**facts_of(nan).values, "phone": "04 555 0199", "address": "", "address_source": ""}
    change_caregiver(
        make.head(world.ana, case),
        nan.id,
        CaregiverFacts(**changed),
        version=version_of(facts_of(nan).texts),
        by=world.ana,
    )
    assert (finders(world, "04 555 0199"), finders(world, "04 555 0177")) == (WORKS_IT, AT_SCHOOL)
    end_caregiver(make.head(world.ana, case), nan.id, by=world.ana)
    assert (finders(world, "04 555 0199"), finders(world, "04 555 0177")) == (set(), AT_SCHOOL)


@pytest.mark.parametrize("is_anew", [False, True])
def test_another_school_of_the_student_finds_by_nothing_that_the_first_one_has(
    world: make.World, case: Case, is_anew: bool
) -> None:
    """Neither by its roll nor by whom it named; both see the case."""
    make.enrolled(case.student_id, world.puna)
    if is_anew:
        find_by_details(case.student_id)
    assert found(world.jin, case.number).cases
    for typed in ("14 Rata", "021 555 777", "04 555 0177"):
        assert finders(world, typed) == WORKS_IT | AT_SCHOOL


def test_another_school_finds_by_what_it_said_itself(world: make.World, case: Case) -> None:
    make.enrolled(case.student_id, world.puna)
    changed(db.session.get_one(Student, case.student_id), world.jin, address="9 Kowhai Road")
    find_by_details(case.student_id)
    assert finders(world, "9 kowhai rd") == WORKS_IT | {"jin", "sione"}
    assert finders(world, "14 rata") == AT_SCHOOL


def test_another_service_finds_what_it_has_and_the_former_one_nothing_more(world: make.World, case: Case) -> None:
    move(case, service_id=world.maunga.id, by=world.ruth)
    db.session.flush()
    assert finders(world, "04 555 0177") == {"lupe"} | AT_SCHOOL
    assert finders(world, "3/4/2014") == {"lupe"} | AT_SCHOOL


def test_an_address_that_is_changed_finds_by_the_new_one(world: make.World, case: Case) -> None:
    """As the service has it; the roll said the former one."""
    student = db.session.get_one(Student, case.student_id)
    changed(student, world.ana, address="9 Kowhai Road")
    find_by_details(student.id)
    assert finders(world, "9 kowhai rd") == WORKS_IT
    assert finders(world, "14 rata") == AT_SCHOOL


def test_who_changes_only_the_name_has_not_said_the_address(world: make.World, case: Case) -> None:
    """It was found by the service, and stays with it."""
    student = db.session.get_one(Student, case.student_id)
    changed(student, world.ana, address="9 Kowhai Road")
    changed(student, world.mere, number=2, preferred_name="Wi")
    find_by_details(student.id)
    assert finders(world, "9 kowhai rd") == WORKS_IT
    assert finders(world, "14 rata") == AT_SCHOOL


def test_a_former_name_finds(world: make.World, case: Case) -> None:
    student = db.session.get_one(Student, case.student_id)
    changed(student, world.ana, legal_name="Wiki Tamati")
    find_by_names(student)
    for typed in ("rangi", "wiki rangi", "tamati rangi"):
        assert finders(world, typed) == WORKS_IT | AT_SCHOOL, (
            "whoever may not open the case learns no present name by it"
        )
    for typed in ("tamati", "wiki tam"):
        assert finders(world, typed) == WORKS_IT | AT_SCHOOL | {"david"}
    make.enrolled(case.student_id, world.puna)
    assert found(world.jin, "rangi").cases


def changed(student: Student, by: Actor, *, number: int = 1, **becomes: str) -> None:
    """As the page of the student does it."""
    names = ("legal_name", "preferred_name", "address", "phone", "language", "born_on")
    was = {name: getattr(student, name) for name in names}
    who = {"by_id": by.person_id, "organisation_id": by.organisation_id, "until": clock.now()}
    db.session.add(FormerStudent(student_id=student.id, number=number, **was, **who))
    for name, text in becomes.items():
        setattr(student, name, text)
    db.session.flush()


def test_what_it_was_found_by_is_said(world: make.World, case: Case) -> None:
    for typed, by in (("14 rata", "address"), ("021 555 777", "phone"), ("9900000123", "student number")):
        assert found(world.ruth, typed).by == {case.id: by}
    assert found(world.ruth, "wiki").by == found(world.ruth, "3/4/2014").by == found(world.ruth, case.number).by == {}


def test_a_name_that_looks_like_a_street_finds_both_once(world: make.World, case: Case) -> None:
    lane = make.submitted(world.priya, make.student("Rata Lane", world.tawa, address="2 Rata Lane"), contact=world.tom)
    assert [row.number for row in found(world.ruth, "rata lane").cases] == [lane.number]
    street = make.submitted(world.priya, make.student("Rata Street", world.tawa), contact=world.tom)
    assert [row.number for row in found(world.ruth, "rata street").cases] == [street.number, case.number]


def test_everything_is_found_again_after_it_was_written_anew(world: make.World, case: Case) -> None:
    before = words()
    for row in db.session.scalars(select(DetailWord)).all():
        db.session.delete(row)
    db.session.flush()
    last: int | None = 0
    while last is not None:
        last = find_again(last, 2)
    assert words() == before != set()


def words() -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for table in (NameWord, DetailWord):
        found |= {tuple(row) for row in db.session.execute(select(table.organisation_id, table.word, table.student_id))}
    return found


@pytest.mark.parametrize(
    ("typed", "most"),
    [("14 rata", 2), ("021 555 777", 2), ("3/4/2014", 1), ("9900000123", 2), ("26-000001-3", 1), ("wiki", 1)],
)
def test_finding_is_two_statements_at_most(
    world: make.World, case: Case, statements: Statements, typed: str, most: int
) -> None:
    for who in (world.ruth, world.david, world.mere, world.tom):
        with statements.counted():
            found(who, typed)
        assert statements.count <= most


def test_what_is_typed_is_read_as_what_it_looks_like() -> None:
    assert sought("3 April 2014") == Sought(born_on=BORN)
    assert sought("may 12").words == ("may", "12")
    assert sought("02-555 0100") == Sought(national_number="025550100", phone="025550100")
    assert sought("26-000001-3").phone == ""
    assert sought("Hana Te Rangi") == Sought(words=("rangi", "hana", "te"))
    assert sought("flat 2, 14 Rata St, Tawa, Wellington 5028, New Zealand").is_too_much is False
