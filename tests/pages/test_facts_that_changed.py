"""What a letter rests on becomes another: the letter is flagged as it happens, and who had it written is told once (L8)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.rules import HalfDays
from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Audit, Outbox
from app.core.versions import version_of
from app.letters.actions import void_letter
from app.letters.models import Letter
from app.people.queries import Actor
from app.students.caregivers.actions import change_caregiver, end_caregiver
from app.students.models import Caregiver, Student
from app.students.particulars.actions import change_student
from app.students.particulars.rules import facts_of as facts_of_student
from app.students.rules import facts_of
from tests import make
from tests.support.client import Client
from tests.support.databases import Database, Scene

CHANGED = "letter.facts_changed"


class Told:
    """A case of Ana's with letter 1 to one caregiver, and another caregiver who got none."""

    def __init__(self) -> None:
        self.world = make.world()
        case = make.open_case(self.world)
        to = make.letter_ready(self.world, case)
        other = make.caregiver(case, self.world.priya, name="Zqxwv Other")
        letter = make.letter_made(self.world.ana, case, to)
        self.number, self.to, self.other, self.letter = case.number, to.id, other.id, letter.public_id
        self.letters = f"/workspace/cases/{case.number}/letters/"


@pytest.fixture
def scene() -> Scene:
    return Told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    clock.shift(timedelta(days=1))
    client.sign_in(made.world.ana.person_id)
    return made


def done(client: Client, told: Told, work: Callable[..., Any], by: Actor | None = None) -> Any:
    def carried_out() -> Any:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        return work(by or told.world.ruth, case)

    return client.outside(carried_out)


def changes(client: Client, told: Told, caregiver: int, **values: Any) -> None:
    def work(by: Actor, case: Case) -> None:
        was = facts_of(db.session.get_one(Caregiver, caregiver))
        source: dict[str, Any] = {"address_source": "Priya, by phone"} if "address" in values else {}
        change_caregiver(case, caregiver, replace(was, **values, **source), version=version_of(was.texts), by=by)

    done(client, told, work)


def states(client: Client, told: Told, **values: Any) -> None:
    def work(by: Actor, case: Case) -> None:
        newer = replace(make.absences(core_clock.today() - timedelta(days=1)), **values)
        state_absences(make.head(by, case), newer, by=by)

    done(client, told, work)


def flag(client: Client, told: Told) -> tuple[bool, str]:
    """Has it ever been flagged, and with what now?"""
    statement = select(Letter.changed_at, Letter.changed_what).where(Letter.public_id == told.letter)
    at, what = client.outside(lambda: db.session.execute(statement).one())
    return at is not None, what


def told_people(client: Client) -> list[int]:
    heard = select(Outbox.person_id).where(Outbox.event == CHANGED).order_by(Outbox.id)
    return list(client.outside(lambda: db.session.scalars(heard).all()))


def test_another_address_is_said_in_the_list_on_the_letter_and_to_who_had_it_written(
    client: Client, told: Told
) -> None:
    assert "Facts changed" not in client.get(told.letters).text
    changes(client, told, told.to, address="1 Other Road\nTawa")
    assert flag(client, told) == (True, "Address")
    shown = unescape(client.get(told.letters).text)
    assert "Facts changed" in shown
    assert shown.count("first seen") == 1
    letter = unescape(client.get(told.letters + told.letter).text)
    assert "Changed since this letter was written:</strong> Address (first seen" in letter
    then, now = letter.split('<th scope="row">Address</th>')[1].split("</td>")[:2]
    assert "Road" not in then
    assert "1 Other Road" in now
    assert told_people(client) == [told.world.ana.person_id]
    assert "What a letter of yours rests on has changed" in client.get("/notifications/").text
    assert f"{told.letters}{told.letter}" in client.get("/notifications/").text


def test_it_is_told_once_and_what_changes_back_is_said_no_more(client: Client, told: Told) -> None:
    address = client.outside(lambda: db.session.get_one(Caregiver, told.to).address)
    changes(client, told, told.to, address="1 Other Road\nTawa")
    changes(client, told, told.to, name="Ngaire Other")
    assert flag(client, told) == (True, "To; Address")
    changes(client, told, told.to, name="Ngaire Te Whānau", address=address)
    assert flag(client, told) == (True, "")
    assert "Facts changed" not in client.get(told.letters).text
    changes(client, told, told.to, address="1 Other Road\nTawa")
    assert len(told_people(client)) == 1


def test_days_absent_stated_anew_flag_it_and_the_same_days_do_not(client: Client, told: Told) -> None:
    states(client, told)
    assert flag(client, told) == (False, "")
    states(client, told, half_days=HalfDays(20, 0, 9), weeks=())
    assert flag(client, told) == (True, "Days absent")
    assert told_people(client) == [told.world.ana.person_id]


def test_a_name_of_the_student_flags_it(client: Client, told: Told) -> None:
    def work(by: Actor, case: Case) -> None:
        was = facts_of_student(db.session.get_one(Student, case.student_id))
        becomes = replace(was, legal_name="Hēmi Other Parata")
        change_student(case, becomes, version=version_of(was.texts), by=by)

    done(client, told, work)
    assert flag(client, told)[1].startswith("Student")


def test_a_caregiver_who_is_named_no_more_flags_it(client: Client, told: Told) -> None:
    done(client, told, lambda by, case: end_caregiver(case, told.to, by=by))
    assert flag(client, told)[1] == "The caregiver, who is not named any more"


def test_what_no_letter_says_flags_none(client: Client, told: Told) -> None:
    changes(client, told, told.other, address="9 Far Road\nTawa")
    changes(client, told, told.to, phone="021 555 0100")
    assert flag(client, told) == (False, "")
    assert told_people(client) == []
    audits = select(Audit.id).where(Audit.event == CHANGED)
    assert client.outside(lambda: db.session.scalars(audits).all()) == []


def test_a_void_letter_is_flagged_no_more(client: Client, told: Told) -> None:
    def work(by: Actor, case: Case) -> None:
        letter = db.session.scalars(select(Letter).where(Letter.public_id == told.letter)).one()
        void_letter(make.letter_now(by, case, letter), "Wrong", by=by)

    done(client, told, work)
    changes(client, told, told.to, address="1 Other Road\nTawa")
    assert flag(client, told) == (False, "")


def test_who_changed_it_themselves_is_not_told(client: Client, told: Told) -> None:
    def work(by: Actor, case: Case) -> None:
        end_caregiver(case, told.to, by=by)

    done(client, told, work, told.world.ana)
    assert flag(client, told)[0]
    assert told_people(client) == []


def test_a_school_that_corrects_an_address_learns_of_no_letter(client: Client, told: Told) -> None:
    def work(by: Actor, case: Case) -> None:
        was = facts_of(db.session.get_one(Caregiver, told.to))
        becomes = replace(was, address="1 Other Road\nTawa", address_source="Enrolment form")
        change_caregiver(case, told.to, becomes, version=version_of(was.texts), by=by)

    done(client, told, work, told.world.priya)
    assert flag(client, told) == (True, "Address")
    assert told_people(client) == [told.world.ana.person_id]
    client.sign_in(told.world.mere.person_id)
    log = client.get(f"/portal/cases/{told.number}/access")
    assert log.status_code == 200
    assert "Priya" in log.text
    assert "letter" not in unescape(log.text).split("<main")[1].split("</main")[0].lower()


def test_looking_writes_no_flag(client: Client, told: Told) -> None:
    client.outside(lambda: setattr(db.session.get_one(Caregiver, told.to), "address", "2 Quiet Road\nTawa"))
    assert "Address" in client.get(told.letters + told.letter).text
    assert flag(client, told) == (False, "")
