"""Two records become one student, and come apart again: what schools wrote of either is read with the one, each school its own
(CASE-18)."""

import re
from typing import NamedTuple

import pytest
from time_machine import Traveller

from app.cases.models import Case
from app.core.db import db
from app.letters.holds import HoldReason
from app.people.queries import Actor
from app.students.models import Student
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

WHY = "The same mother came to both meetings."


class Twice(NamedTuple):
    """Hēmi, whose earlier record is on the roll of Tawa Awa College and whose later one is on that of Puna Street School, too."""

    world: make.World
    stays: make.Pupil
    goes: make.Pupil
    letters: dict[str, str]
    """Whose: the public id of a letter that was made."""
    case: str

    def of(self, pupil: make.Pupil) -> str:
        return f"/portal/students/{pupil.public_id}/letters/"

    @property
    def pair(self) -> str:
        return f"/workspace/students/duplicates/{self.stays.public_id}/{self.goes.public_id}"


def recorded_twice() -> Twice:
    world = make.world()
    first = make.open_case(world)
    second = make.closed(make.twice(world, first), by=world.ruth)
    stays, goes = (pupil(case) for case in (first, second))
    make.enrolled(goes.id, world.tawa)
    for place, by in ((world.tawa, world.mere), (world.puna, world.jin)):
        make.letterhead(place, by=by)
    letters = {
        "stays": written(world.mere, stays, "Ngaire One", HoldReason.MEDICAL, away=7),
        "goes": written(world.mere, goes, "Ngaire Two", HoldReason.BEREAVEMENT, away=14),
        "puna": written(world.jin, goes, "Zqxwvnan Whānau", HoldReason.DO_NOT_SEND, away=10),
    }
    return Twice(world, stays, goes, letters, first.number)


def pupil(case: Case) -> make.Pupil:
    student = db.session.get_one(Student, case.student_id)
    return make.Pupil(student.id, student.public_id, student.legal_name)


def written(by: Actor, about: make.Pupil, name: str, hold: HoldReason, *, away: int) -> str:
    """A letter that was made, an exception, what holds letters back, and a holiday."""
    to = school.caregiver(by, about, name)
    school.absent(by, about, 10)
    letter = school.made(by, about, to)
    school.excepted(by, about, to, 3)
    school.hold(by, about, hold)
    school.holiday(by, about, days=away)
    return letter.public_id


@pytest.fixture
def scene() -> Scene:
    return recorded_twice


@pytest.fixture
def twice(clock: Traveller, client: Client, database: Database) -> Twice:
    found: Twice = database.made
    return found


def merged(client: Client, twice: Twice) -> str:
    """The address of what Ana proposed and Ruth confirmed; signed in is Ruth."""
    merge = client.sign_in(twice.world.ana.person_id).send(f"{twice.pair}/merge", goes="later", why=WHY).location
    assert client.sign_in(twice.world.ruth.person_id).send(f"{merge}/confirmation").status_code == 303
    return str(merge)


def holidays(page: str) -> int:
    return len(re.findall("Recorded by ", page))


def own(client: Client, twice: Twice, by: Actor, pupil: make.Pupil) -> str:
    """What a school's page of letters about a student says."""
    answer = client.sign_in(by.person_id).get(twice.of(pupil))
    assert answer.status_code == 200
    return str(answer.text)


def test_what_one_school_wrote_of_both_is_on_one_page(client: Client, twice: Twice) -> None:
    mere, letters = twice.world.mere, twice.letters
    merged(client, twice)
    page = own(client, twice, mere, twice.stays)
    for whose in ("stays", "goes"):
        assert f'href="{twice.of(twice.stays)}{letters[whose]}"' in page
        assert client.get(f"{twice.of(twice.stays)}{letters[whose]}").status_code == 200
    for name in ("Ngaire One", "Ngaire Two"):
        assert name in page
        assert f'Let a letter be written that is not due<span class="govuk-visually-hidden">, to {name}' in page
    for words in ("Medical reasons, until", "Bereavement in the whānau, until"):
        assert words in page
    assert holidays(page) == 2
    assert page.count("Letter 3 may be written although it is not due") == 2


def test_what_another_school_wrote_stays_with_that_school(client: Client, twice: Twice) -> None:
    world, letters = twice.world, twice.letters
    merged(client, twice)
    page = own(client, twice, world.mere, twice.stays)
    for unknown in ("Zqxwvnan", letters["puna"], "Do not send letters", world.jin.name):
        assert unknown not in page
    assert client.get(f"{twice.of(twice.stays)}{letters['puna']}").status_code == 404
    page = own(client, twice, world.jin, twice.stays)
    for known in ("Zqxwvnan", letters["puna"], "Do not send letters, until", "Letter 3 may be written although"):
        assert known in page
    for unknown in (
        "Ngaire One",
        "Ngaire Two",
        letters["stays"],
        letters["goes"],
        "Medical",
        "Bereavement",
        world.mere.name,
    ):
        assert unknown not in page
    assert holidays(page) == 1
    assert client.get(f"{twice.of(twice.stays)}{letters['stays']}").status_code == 404
    assert client.sign_in(world.kahu.person_id).get(twice.of(twice.stays)).status_code == 404


def test_a_hold_and_a_holiday_that_went_along_are_ended_where_they_are(client: Client, twice: Twice) -> None:
    mere = twice.world.mere
    merged(client, twice)
    own(client, twice, mere, twice.stays)
    here = client.get(twice.of(twice.stays))
    ended = client.fill(here, "End this hold, Bereavement in the whānau, for everybody")
    assert ended.status_code == 303
    page = own(client, twice, mere, twice.stays)
    assert "Bereavement" not in page
    assert "Medical reasons, until" in page


def test_the_service_reads_the_letters_of_both(client: Client, twice: Twice) -> None:
    merged(client, twice)
    page = client.sign_in(twice.world.ana.person_id).get(f"/workspace/cases/{twice.case}/letters/").text
    for whose in twice.letters.values():
        assert whose in page


def test_undone_each_record_has_its_own_again(client: Client, twice: Twice) -> None:
    world, letters = twice.world, twice.letters
    before = {pupil: own(client, twice, world.mere, pupil) for pupil in (twice.stays, twice.goes)}
    of_puna = own(client, twice, world.jin, twice.goes)
    merge = merged(client, twice)
    assert client.send(f"{merge}/undoing").status_code == 303
    for pupil, was in before.items():
        assert as_read(own(client, twice, world.mere, pupil)) == as_read(was)
    assert as_read(own(client, twice, world.jin, twice.goes)) == as_read(of_puna)
    assert client.get(f"{twice.of(twice.stays)}{letters['puna']}").status_code == 404


def as_read(page: str) -> str:
    """Without tags, tokens and addresses."""
    return " ".join(re.sub("<[^>]+>", " ", page.split("<main", 1)[1].split("</main", maxsplit=1)[0]).split())


def test_after_the_student_has_left_the_school_still_finds_what_it_wrote_of_the_record_that_went(
    client: Client, twice: Twice
) -> None:
    """By either address; and by the name that it wrote down itself."""
    world = twice.world
    merged(client, twice)

    def leave() -> None:
        make.left(twice.stays, world.puna)
        student = db.session.get_one(Student, twice.stays.id)
        student.legal_name, student.preferred_name = "Somebody Protected", ""

    client.outside(leave)
    for pupil in (twice.stays, twice.goes):
        page = client.sign_in(world.jin.person_id).get(f"{twice.of(pupil)}{twice.letters['puna']}")
        assert page.status_code == 200, pupil
        assert "Protected" not in page.text
        assert client.get(f"{twice.of(pupil)}{twice.letters['goes']}").status_code == 404
