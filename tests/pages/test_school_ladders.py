"""A school's own ladder: made by versions; who has begun a term with one stays with it until the term ends (LET-1, LET-2)."""

from datetime import date
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.core.db import db
from app.core.errors import Conflict
from app.letters.actions import void_letter
from app.letters.ladders import Step
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.making import make_letter
from app.letters.steps import Ladder
from app.letters.versions.actions import change_ladder, go_back_to_ours
from app.people.queries import Actor
from app.students.models import Caregiver
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

LADDERS = "/portal/settings/ladders/"
HERE = f"{LADDERS}school"
NEXT_TERM = date(2026, 5, 5)


class Told(NamedTuple):
    """Grace Ng, five days absent in term 1."""

    world: make.World
    to: str

    @property
    def letters(self) -> str:
        return f"/portal/students/{self.world.ng.public_id}/letters/"


def ready_to_be_told() -> Told:
    world = make.world()
    return Told(world, school.ready(world).public_id)


@pytest.fixture
def scene() -> Scene:
    return ready_to_be_told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.mere.person_id)
    return made


def to(told: Told) -> Caregiver:
    return db.session.scalars(select(Caregiver).where(Caregiver.public_id == told.to)).one()


def steps(*days: int) -> list[Step]:
    return [
        Step(Purpose.SCHOOL, number, f"After {each} days", 0, is_formal=False, days=each)
        for number, each in enumerate(days, 1)
    ]


def changed(client: Client, by: Actor, *days: int, version: int = 0) -> None:
    client.outside(lambda: change_ladder(Purpose.SCHOOL, steps(*days), "Earlier.", version=version, by=by))


def dossier(client: Client, told: Told, caregiver: Any = to) -> SchoolDossier:
    found: SchoolDossier = client.outside(lambda: school.dossier(told.world.mere, told.world.ng, caregiver(told)))
    return found


def days_of(client: Client, told: Told) -> list[int | None]:
    return [step.days for step in dossier(client, told).steps]


def written(client: Client, told: Told) -> str:
    return str(client.outside(lambda: school.made(told.world.mere, told.world.ng, to(told)).public_id))


def test_an_attendance_lead_makes_a_ladder_of_the_schools_own(client: Client, told: Told) -> None:
    assert "Waharoa’s ladder, as nobody has made one of your own." in client.get(LADDERS).text
    page = client.get(HERE)
    assert "In term 1 of 2026 no letter was written yet" in page.text
    typed = {"name_1": "A first word", "days_1": "3", "days_2": "8", "days_3": "12", "name_4": "A hui", "days_4": "20"}
    text = client.get(client.fill(page, "Save the ladder", why="Sooner.", **typed).location).text
    for said in (
        "Your own, version 1.",
        "Sooner.",
        "Letter 1 is called “A first word” instead of “After 5 days away”.",
        "Letter 1 is due from 3 days absent on instead of 5.",
        "Letter 4 is new: A hui, from 20 days absent on.",
        "A first word, from 3 days absent on in a term",
        "Mere",
    ):
        assert said in text, said
    assert days_of(client, told) == [3, 8, 12, 20]
    assert "Ladder of our letters" in client.get(told.letters).text


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name_2": ""}, "Write what this letter is called"),
        ({"days_1": ""}, "Write a whole number from 1 to 60"),
        ({"days_1": "0"}, "Write a whole number from 1 to 60"),
        ({"days_3": "61"}, "Write a whole number from 1 to 60"),
        ({"days_2": "five"}, "Write a whole number from 1 to 60"),
        ({"days_2": "5"}, "Write more days than for letter 1"),
        ({"days_2": "16"}, "Write more days than for letter 2"),
        ({"why": ""}, "Write why: it stands in the history of the ladder for good"),
        ({}, "Nothing is another than before."),
    ],
)
def test_what_is_no_ladder_is_refused(client: Client, told: Told, typed: dict[str, str], fault: str) -> None:
    answer = client.fill(client.get(HERE), "Save the ladder", **{"why": "Why not", **typed})
    assert answer.status_code == 422
    assert fault in answer.text
    assert not client.outside(lambda: db.session.scalars(select(Ladder)).all())


def test_of_two_at_once_the_second_is_told_and_keeps_what_was_typed(client: Client, told: Told) -> None:
    page = client.get(HERE)
    changed(client, told.world.mere, 4, 9)
    answer = client.fill(page, "Save the ladder", days_1="2", why="Sooner still.")
    assert answer.status_code == 409
    assert "Somebody else changed this ladder meanwhile." in answer.text
    assert client.fill(answer, "Save the ladder").status_code == 303
    assert days_of(client, told) == [2, 10, 15]


def test_a_student_stays_with_the_ladder_that_the_term_began_with_and_another_goes_by_the_new_one(
    client: Client, told: Told
) -> None:
    world = told.world
    written(client, told)
    assert "In term 1 of 2026 letters about 1 student were written" in client.get(HERE).text
    changed(client, world.mere, 3, 4)
    assert days_of(client, told) == [5, 10, 15], "two letters more are not due at once"
    page = client.get(told.letters).text
    assert "In this term letters about Grace Ng go by Waharoa’s ladder, by which the first of them was written" in page
    assert "The next is after 10 days absent in the term." in page

    def of_another() -> list[int | None]:
        caregiver = school.caregiver(world.mere, world.whanau, "Zqxwv Other")
        return [step.days for step in school.dossier(world.mere, world.whanau, caregiver).steps]

    assert client.outside(of_another) == [3, 4]


def test_from_next_term_on_everybody_goes_by_the_new_one(client: Client, told: Told, clock: Traveller) -> None:
    written(client, told)
    changed(client, told.world.mere, 3, 4)
    clock.move_to(NEXT_TERM)
    assert days_of(client, told) == [3, 4]
    client.sign_in(told.world.mere.person_id)
    assert "In this term letters about" not in client.get(told.letters).text


def test_a_second_caregiver_goes_by_the_same_as_the_first(client: Client, told: Told) -> None:
    world = told.world
    written(client, told)
    changed(client, world.mere, 3, 4)
    other = client.outside(lambda: school.caregiver(world.mere, world.ng, "Zqxwv Father").public_id)
    found = dossier(client, told, lambda _: db.session.scalars(select(Caregiver).filter_by(public_id=other)).one())
    assert [step.days for step in found.steps] == [5, 10, 15]
    assert found.goes_by.is_begun


def test_a_voided_letter_begins_nothing(client: Client, told: Told) -> None:
    world = told.world
    here = written(client, told)
    changed(client, world.mere, 3, 4)

    def void() -> None:
        letter = db.session.scalars(select(Letter).filter_by(public_id=here)).one()
        void_letter(school.now(world.mere, world.ng, letter), "Wrong figures", by=world.mere)

    client.outside(void)
    assert days_of(client, told) == [3, 4]


def test_a_letter_says_for_good_by_which_version_it_was_written(client: Client, told: Told) -> None:
    world = told.world
    changed(client, world.mere, 3, 4, 5)
    here = written(client, told)
    made, own = (
        client.outside(lambda: db.session.scalar(select(Letter.ladder_id).filter_by(public_id=here))),
        client.outside(lambda: db.session.scalar(select(Ladder.id))),
    )
    assert made == own
    changed(client, world.mere, 30, version=1)
    assert days_of(client, told) == [3, 4, 5]
    page = client.get(f"{told.letters}{here}").text
    assert "After 5 days." in page
    assert (
        "In this term letters about Grace Ng go by version 1 of the school’s own ladder"
        in client.get(told.letters).text
    )


def test_back_to_ours_is_a_version_more(client: Client, told: Told) -> None:
    changed(client, told.world.mere, 2)
    client.fill(client.get(f"{HERE}/ours"), "Go back to Waharoa’s", why="It was too hasty.")
    page = client.get(LADDERS).text
    assert "Back to Waharoa’s ladder." in page
    assert "It was too hasty." in page
    assert days_of(client, told) == [5, 10, 15]
    assert "already" in client.get(f"{HERE}/ours").text


def test_who_began_with_an_own_one_stays_when_the_school_goes_back_to_ours(client: Client, told: Told) -> None:
    changed(client, told.world.mere, 3, 4)
    written(client, told)
    client.outside(lambda: go_back_to_ours(Purpose.SCHOOL, "Enough.", version=1, by=told.world.mere))
    assert days_of(client, told) == [3, 4]


def test_who_stays_with_an_older_ladder_stands_where_letters_are_due_and_nobody_else_does(
    client: Client, told: Told
) -> None:
    """Also where that is Waharoa's, and the school's own begins with more days."""
    world = told.world

    def two_more() -> None:
        """One who has begun nothing; one whose letter does not count, so that they go by the new ladder."""
        school.absent(world.mere, make.student("Zqxwv New", world.tawa), 22)
        pupil = make.student("Zqxwv Void", world.tawa)
        school.absent(world.mere, pupil, 22)
        letter = school.made(world.mere, pupil, school.caregiver(world.mere, pupil))
        void_letter(school.now(world.mere, pupil, letter), "A mistake.", by=world.mere)

    client.outside(lambda: school.sent(world.mere, world.ng, to(told)))
    client.outside(two_more)
    changed(client, world.mere, 15, 25)
    client.outside(lambda: school.absent(world.mere, world.ng, 22))
    assert "Write letter 2 to Wai Ling Ng" in client.get(told.letters).text
    page = client.get("/portal/letters/").text
    assert "Grace Ng" in page
    assert "missed 15 days or more" in page
    assert "stand here from 5 days on" in page
    ticks = client.get("/portal/letters/batches/ticked").text
    assert "Grace Ng" in ticks
    for rule in ("due", "letter_2"):
        chosen = client.send("/portal/letters/batches/new", rule=rule)
        assert chosen.status_code == 303
        assert "Grace Ng" in client.get(chosen.location).text
    assert "Zqxwv" not in page + ticks + client.get(chosen.location).text
    assert "Grace Ng" not in client.get("/portal/letters/?step=1").text
    client.sign_in(world.jin.person_id)
    assert "Grace Ng" not in client.get("/portal/letters/").text


def test_a_preview_by_a_ladder_that_is_changed_meanwhile_is_not_made(client: Client, told: Told) -> None:
    world = told.world
    here = client.outside(lambda: school.preview(world.mere, world.ng, to(told)).public_id)
    changed(client, world.mere, 5, 10)

    def made() -> None:
        letter = db.session.scalars(select(Letter).filter_by(public_id=here)).one()
        make_letter(school.now(world.mere, world.ng, letter), by=world.mere)

    with pytest.raises(Conflict):
        client.outside(made)


def test_a_letter_without_a_text_is_not_ready_and_says_who_writes_it(client: Client, told: Told) -> None:
    changed(client, told.world.mere, 1, 2, 3, 4)
    ready = f"{told.letters}to/{told.to}"
    page = client.get(ready).text
    assert "Letter 4 has no text yet: After 4 days." in page
    assert 'href="/portal/settings/letters/">A lead writes it' in page
    assert client.send(ready).status_code == 422
    assert "After 4 days" in client.get("/portal/settings/letters/").text
    assert client.get("/portal/settings/letters/school/4/en/edit").status_code == 200


def test_another_schools_ladder_is_neither_shown_nor_gone_by(client: Client, told: Told) -> None:
    world = told.world
    changed(client, world.jin, 33, 34)
    assert days_of(client, told) == [5, 10, 15]
    assert "33" not in client.get(LADDERS).text.split("<main")[1]


def test_the_office_changes_it_where_there_is_no_attendance_lead(client: Client, told: Told) -> None:
    world = told.world
    client.sign_in(world.priya.person_id)
    assert client.get(HERE).status_code == 403
    client.outside(lambda: make.end_roles(world.mere))
    client.sign_in(world.priya.person_id)
    assert client.fill(client.get(HERE), "Save the ladder", days_1="4", why="Sooner.").status_code == 303
    client.sign_in(world.ruth.person_id)
    assert client.get("/workspace/settings/ladders/school").status_code == 404
