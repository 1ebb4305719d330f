"""A school ends a caregiver whom it named itself, and takes that back (LET-3), without scripts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Audit
from app.core.versions import version_of
from app.letters.school.naming import named_by_school
from app.students.caregivers.actions import change_caregiver, end_caregiver
from app.students.models import Caregiver, Enrolment
from app.students.queries import caregivers_given_by, student_with_caregiver
from app.students.rules import facts_of
from tests import make
from tests.letters import school
from tests.pages.test_school_letters import Told, follow, made, ready_to_be_told, to
from tests.support.client import Client
from tests.support.databases import Database, Scene

ENDS, UNDO = "Not a caregiver any more", "Undo: take back what you did just now"


@pytest.fixture
def scene() -> Scene:
    return ready_to_be_told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.mere.person_id)
    return made


def ending(told: Told) -> str:
    return f"{told.start}caregivers/{told.to}/ending"


def named(client: Client, told: Told) -> list[str]:
    world = told.world
    rows = client.outside(lambda: named_by_school(world.ng.id, world.tawa.id))
    return [row.Caregiver.public_id for row in rows]


def test_who_is_ended_is_written_to_no_more_and_letters_to_them_stay(client: Client, told: Told) -> None:
    here = made(client, told)
    assert f'href="{ending(told)}"' in client.get(f"{told.start}caregivers/{told.to}").text
    page = follow(client, client.fill(client.get(ending(told)), ENDS))
    assert "Wai Ling Ng is not named by your school any more." in page
    assert f"to/{told.to}" not in page
    assert "To people whom your school does not name any more" in page
    assert f'href="{here}"' in page
    assert client.get(here).status_code == 200
    assert client.get(f"{here}/sending").status_code == 200
    assert client.get(told.ready).status_code == 404
    assert named(client, told) == []
    assert client.send(ending(told)).status_code == 404


def test_it_is_taken_back_from_the_message(client: Client, told: Told) -> None:
    was = client.outside(lambda: facts_of(to(told)))
    page = client.get(client.fill(client.get(ending(told)), ENDS).location)
    said = follow(client, client.fill(page, UNDO))
    assert "Wai Ling Ng is named by your school again." in said
    assert "Write letter 1 to Wai Ling Ng" in said
    assert client.outside(lambda: (facts_of(to(told)), to(told).ended_at)) == (was, None)
    again = follow(client, client.send(f"{ending(told)}/undo"))
    assert "named again already" in again
    events = client.outside(lambda: list(db.session.scalars(select(Audit.event).where(Audit.thing == "caregiver"))))
    assert events == ["caregiver.added", "caregiver.ended", "caregiver.named_again"]


def test_nobody_is_ended_whom_the_request_of_an_open_case_names(client: Client, told: Told) -> None:
    """Whoever works it would lose who they write to."""
    world = told.world
    number = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).number)
    refused = client.fill(client.get(ending(told)), ENDS)
    assert refused.status_code == 422
    assert f"The case {number} of this student is open." in refused.text
    assert client.outside(lambda: to(told).ended_at) is None


def test_nor_by_an_office_that_does_not_read_cases(client: Client, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not told which case that is."""
    world = told.world
    number = client.outside(lambda: make.submitted(world.mere, world.ng, contact=world.tom).number)
    extensions = client.application.extensions
    monkeypatch.setitem(extensions, "settings", replace(extensions["settings"], office_support_reads="no"))
    client.sign_in(world.priya.person_id)
    refused = client.fill(client.get(ending(told)), ENDS)
    assert refused.status_code == 422
    assert "A case still needs this caregiver." in refused.text
    assert number not in refused.text
    assert client.outside(lambda: to(told).ended_at) is None


def test_of_a_case_that_the_school_does_not_know_it_learns_nothing(client: Client, told: Told) -> None:
    """Grace has come from Puna Street School, with a case that opens here in a week (CASE-10)."""
    world = told.world

    def elsewhere() -> None:
        case = make.submitted(world.mere, world.ng, contact=world.tom)
        case.school_id = world.puna.id
        here = update(Enrolment).where(Enrolment.student_id == world.ng.id, Enrolment.school_id == world.tawa.id)
        db.session.execute(here.values(cases_from=core_clock.today() + timedelta(days=7)))

    client.outside(elsewhere)
    assert client.fill(client.get(ending(told)), ENDS).status_code == 303
    assert client.outside(lambda: to(told).ended_at) is not None


@pytest.mark.parametrize("name", ["Wai Ling Ng", "wai ling ng"])
def test_who_was_named_anew_meanwhile_is_not_named_twice(client: Client, told: Told, name: str) -> None:
    world = told.world
    page = client.get(client.fill(client.get(ending(told)), ENDS).location)
    client.outside(lambda: school.caregiver(world.mere, world.ng, "Zqxwv Tāne"))
    client.outside(lambda: school.caregiver(world.mere, world.ng, name))
    said = follow(client, client.fill(page, UNDO))
    assert "Wai Ling Ng has been named anew since, so nothing was taken back." in said
    assert said.count("Write letter 1 to") == 2
    assert client.outside(lambda: to(told).ended_at) is not None


def test_what_a_service_says_of_a_caregiver_is_not_the_schools_to_end_or_to_take_back(
    client: Client, clock: Traveller, told: Told
) -> None:
    world = told.world

    def by_service(*, ends: bool) -> None:
        was, head = facts_of(to(told)), school.on_roll(world.mere, world.ng)
        if ends:
            end_caregiver(head, to(told).id, by=world.ana)
        else:
            becomes = replace(was, phone="04 555 7777")
            change_caregiver(head, to(told).id, becomes, version=version_of(was.texts), by=world.ana)

    client.outside(lambda: by_service(ends=False))
    assert client.get(ending(told)).status_code == 409
    assert client.send(ending(told)).status_code == 409
    clock.shift(timedelta(minutes=1))
    client.outside(lambda: by_service(ends=True))
    assert "was not ended by your school" in follow(client, client.send(f"{ending(told)}/undo"))
    assert client.outside(lambda: to(told).ended_at) is not None


def test_a_caregiver_whom_another_school_named_is_not_there(client: Client, told: Told) -> None:
    world = told.world

    def other() -> str:
        make.enrolled(world.ng.id, world.puna)
        return school.caregiver(world.jin, world.ng, "Zqxwv Tāne").public_id

    at = f"{told.start}caregivers/{client.outside(other)}/ending"
    assert client.get(at).status_code == 404
    assert client.send(at).status_code == 404
    assert client.send(f"{at}/undo").status_code == 404
    assert "Zqxwv" not in client.get(told.letters).text


def test_a_request_names_them_anew(client: Client, told: Told) -> None:
    """What the school ended is not put into its form, and is not taken for somebody it names still."""
    world = told.world
    client.fill(client.get(ending(told)), ENDS)
    assert client.outside(lambda: caregivers_given_by(world.tawa.id, world.ng.id)) == []
    filled = client.outside(lambda: student_with_caregiver(world.mere, world.ng.public_id))
    assert filled is not None
    assert filled.caregiver_name is None
    client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom))
    still = client.outside(lambda: list(db.session.scalars(select(Caregiver.id).where(Caregiver.ended_at.is_(None)))))
    assert len(still) == 1
