"""Corrected marks flag letters also once newer ones came, each by the marks of the school where it was counted (ATT-4, L8)."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.tallies.actions import COUNTED, ItselfAt, Recounted
from app.attendance.tallies.carrying import count_due
from app.cases.models import Case
from app.core.db import db
from app.core.events import Happened
from app.letters.evidence.actions import flag_letters, flag_letters_of_marks
from app.letters.models import Letter
from app.people.models import Organisation
from app.students.models import Student
from tests import make
from tests.attendance import marked
from tests.letters import school
from tests.pages.test_marks_and_letters import flagged, flags, words
from tests.support.client import Client
from tests.support.databases import Database, Scene

WEEKS = ("TTTTTTTTTT", "PPPPPPPPTT", "..........", "PPPPPPPPPP")
"""Up to the twenty-seventh of February; of the third week the school has sent nothing yet."""
BOTH = ("Days absent", "Days absent")
LATER = ("TTTTTTTTTT", "PPPPPPPPPP")


class Told:
    """Letter 1 of the school about Grace Ng, and letter 1 of the service about Hēmi, both by marks."""

    def __init__(self) -> None:
        self.world = world = make.world()
        to = school.ready(world)
        marked.term(world.tawa, world.ng, *WEEKS)
        self.of_school = school.made(world.mere, world.ng, to).public_id
        case = make.open_case(world)
        caregiver = make.letter_ready(world, case)
        marked.term(world.tawa, world.whanau, *WEEKS)
        self.of_case = make.letter_made(world.ana, case, caregiver).public_id
        self.number = case.number


@pytest.fixture
def scene() -> Scene:
    return Told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.outside(count_due)
    clock.shift(timedelta(days=1))
    return made


def sends(client: Client, told: Told, *weeks: str) -> tuple[str, str]:
    """The school, of both: with what its letter is flagged then, and that of the service."""
    for pupil in (told.world.ng, told.world.whanau):
        client.outside(lambda who=pupil: marked.term(told.world.tawa, who, *weeks))
    return flagged(client, told.of_school), flagged(client, told.of_case)


def something_else(client: Client, told: Told) -> None:
    """Something of the students is said that no letter states."""

    def said() -> None:
        for pupil in (told.world.ng, told.world.whanau):
            student = db.session.get_one(Student, pupil.id)
            flag_letters(Happened("student.changed", student), told.world.ruth)

    client.outside(said)


def moves(client: Client, told: Told) -> None:
    """The student is at Puna Street School now, which asked for support: the case is its own."""

    def moved() -> None:
        make.enrolled(told.world.whanau.id, told.world.puna)
        db.session.execute(update(Case).where(Case.number == told.number).values(school_id=told.world.puna.id))

    client.outside(moved)


def renames(client: Client, told: Told) -> None:
    college = update(Organisation).where(Organisation.id == told.world.tawa.id)
    client.outside(lambda: db.session.execute(college.values(name="Zqxwv College")) and None)


def of_case(client: Client, told: Told, at: make.Place, *weeks: str) -> str:
    client.outside(lambda: marked.term(at, told.world.whanau, *weeks))
    return flagged(client, told.of_case)


@pytest.mark.parametrize(
    "weeks",
    [
        ("MMMMMMMMMM", *WEEKS[1:]),
        (*WEEKS[:3], "PPPPPPPPTT"),
        (*WEEKS[:2], "PPPPPPPPPP", WEEKS[3]),
        ("TTTTTT....", *WEEKS[1:]),
    ],
    ids=["code", "day of the last week", "filled in", "taken away"],
)
def test_what_is_corrected_of_the_days_of_a_letter_flags_it_once_newer_marks_came(
    client: Client, told: Told, weeks: tuple[str, ...]
) -> None:
    assert sends(client, told, *WEEKS, LATER[0]) == ("", "")
    assert sends(client, told, *weeks, *LATER) == BOTH
    assert sends(client, told, *WEEKS, *LATER, "PPPPPPPPTT") == ("", ""), "what changes back is no longer said"
    assert flags(client) == 2


def test_days_that_moved_to_another_week_flag_it_and_the_page_says_so(client: Client, told: Told) -> None:
    """Its sums are the same: half-days of the first week, whose Friday is Waitangi Day, went to the second."""
    assert sends(client, told, "TTTTTTPPPP", "PPPPPPTTTT", *WEEKS[2:], LATER[0]) == BOTH
    at = f"/portal/students/{told.world.ng.public_id}/letters/{told.of_school}"
    said = words(client.sign_in(told.world.mere.person_id).get(at))
    assert "Changed since this letter was written: The weeks of the table" in said


def test_newer_marks_alone_and_what_no_letter_states_flag_nothing(client: Client, told: Told) -> None:
    for weeks in ((), LATER[:1], LATER, (*LATER, "JJJJJJJJJJ")):
        assert sends(client, told, *WEEKS, *weeks) == ("", "")
        something_else(client, told)
        assert (flagged(client, told.of_school), flagged(client, told.of_case)) == ("", "")
    assert flags(client) == 0


def test_the_page_of_a_letter_says_what_is_other_of_its_own_days_alone(client: Client, told: Told) -> None:
    at = f"/portal/students/{told.world.ng.public_id}/letters/{told.of_school}"
    sends(client, told, "MMMMMMMMMM", *WEEKS[1:], *LATER)
    said = words(client.sign_in(told.world.mere.person_id).get(at))
    changed = said.split("Changed since this letter was written:")[1].split("(first seen")[0]
    assert changed.strip() == "Half-days absent with a reason, Half-days absent without a reason"


def test_marks_of_the_school_that_a_letter_names_flag_it_wherever_the_student_is_now(
    client: Client, told: Told
) -> None:
    moves(client, told)
    assert of_case(client, told, told.world.puna, *["PPPPPPPPPP"] * 4) == "", "it counts no marks of another school"
    something_else(client, told)
    assert flagged(client, told.of_case) == ""
    assert of_case(client, told, told.world.tawa, *WEEKS, *LATER) == ""
    assert of_case(client, told, told.world.tawa, "PPPPTTTTTT", *WEEKS[1:], *LATER) == "Days absent"
    something_else(client, told)
    assert of_case(client, told, told.world.puna, *["TTTTTTTTTT"] * 4) == "Days absent", "nor say those what is right"


def test_of_a_school_that_is_called_otherwise_letters_are_flagged_while_the_student_was_at_no_other(
    client: Client, told: Told
) -> None:
    renames(client, told)
    assert of_case(client, told, told.world.tawa, *WEEKS, *LATER) == ""
    assert of_case(client, told, told.world.tawa, "PPPPTTTTTT", *WEEKS[1:], *LATER) == "Days absent"
    moves(client, told)
    for at, weeks in ((told.world.tawa, WEEKS), (told.world.puna, ["PPPPPPPPPP"] * 4)):
        assert of_case(client, told, at, *weeks) == "Days absent", "whose marks they were is not known any more"
    something_else(client, told)
    assert flagged(client, told.of_case) == "Days absent"


def more(told: Told) -> None:
    """Letters about other students, counted up to other days."""
    world = told.world
    for number, weeks in enumerate((WEEKS, (*WEEKS, "PPPPPP...."), (*WEEKS, *LATER[:1]))):
        pupil = make.student(f"Zqxwv Number{number}", world.tawa)
        marked.term(world.tawa, pupil, *weeks)
        school.made(world.mere, pupil, school.caregiver(world.mere, pupil, f"Nan Number{number}"))


def test_however_many_letters_state_marks_they_are_looked_at_in_as_many_statements(client: Client, told: Told) -> None:
    at = told.world.tawa.id

    def counted() -> int:
        happened = Happened(COUNTED, Recounted(at, set(db.session.scalars(select(Student.id))), {20261}))
        with client.statements.counted():
            flag_letters_of_marks(happened, ItselfAt(at))
            return client.statements.count

    one = client.outside(counted)
    client.outside(more, told)
    assert one <= 11
    assert client.outside(counted) == one
    assert not client.outside(lambda: db.session.scalars(select(Letter.id).where(Letter.changed_what != "")).all())
