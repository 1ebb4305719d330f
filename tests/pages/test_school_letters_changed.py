"""What a school's letter rests on becomes another: it is flagged as it happens, by the school's own words alone (L8, LET-3)."""

from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any, NamedTuple

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.rules import Absences, HalfDays, Week
from app.core.db import db
from app.core.events import Audit, Outbox
from app.core.versions import version_of
from app.letters.actions import void_letter
from app.letters.evidence.listing import PAGE
from app.letters.models import Letter
from app.letters.school.actions import end_holiday, give_up, name_again
from app.letters.school.dossiers import addressee_for
from app.letters.school.finding import holiday_for, named_by_us
from app.people.queries import Actor
from app.students.caregivers.actions import change_caregiver
from app.students.models import Caregiver, Student
from app.students.particulars.actions import change_student
from app.students.particulars.rules import facts_of as facts_of_student
from app.students.rules import facts_of
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

LIST = "/portal/letters/changed"
NEXT_TERM = date(2026, 5, 5)


class Told(NamedTuple):
    """Letter 1 about Grace Ng, five days absent, to her mother."""

    world: make.World
    to: int
    letter: str

    @property
    def letters(self) -> str:
        return f"/portal/students/{self.world.ng.public_id}/letters/"


def letter_made() -> Told:
    world = make.world()
    caregiver = school.ready(world)
    return Told(world, caregiver.id, school.made(world.mere, world.ng, caregiver).public_id)


@pytest.fixture
def scene() -> Scene:
    return letter_made


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    clock.shift(timedelta(days=1))
    client.sign_in(made.world.mere.person_id)
    return made


def changes(client: Client, told: Told, by: Actor | None = None, **values: Any) -> None:
    world = told.world

    def work() -> None:
        was = facts_of(db.session.get_one(Caregiver, told.to))
        source: dict[str, Any] = {"address_source": "By phone"} if "address" in values else {}
        becomes, version = replace(was, **values, **source), version_of(was.texts)
        change_caregiver(school.on_roll(world.mere, world.ng), told.to, becomes, version=version, by=by or world.mere)

    client.outside(work)


def flag(client: Client, told: Told) -> tuple[bool, str]:
    """Has it ever been flagged, and with what now?"""
    statement = select(Letter.changed_at, Letter.changed_what).where(Letter.public_id == told.letter)
    at, what = client.outside(lambda: db.session.execute(statement).one())
    return at is not None, what


def main(client: Client, at: str) -> str:
    return unescape(client.get(at).text).split("<main")[1]


def test_another_address_is_said_in_the_list_with_the_student_and_on_the_letter(client: Client, told: Told) -> None:
    assert "None. When days absent" in main(client, LIST)
    assert "Facts changed" not in main(client, told.letters)
    changes(client, told, address="1 Other Road\nTawa")
    assert flag(client, told) == (True, "Address")
    for words in ("Grace Ng", "to Wai Ling Ng", "Address", "Not sent yet", f'href="{told.letters}{told.letter}"'):
        assert words in main(client, LIST), words
    assert "Facts changed" in main(client, told.letters)
    page = main(client, told.letters + told.letter)
    assert "Changed since this letter was written:</strong> Address (first seen" in page
    assert "5 Rātā Street" in page, "the letter stays as it was made"
    assert "1 Other Road" in page, "what it would say now stands beside it"


def test_nobody_is_told_by_mail_and_one_row_says_that_it_was_flagged(client: Client, told: Told) -> None:
    changes(client, told, name="Wai Ling Li")
    changes(client, told, address="1 Other Road\nTawa")
    of = Audit.event == "letter.facts_changed"
    assert client.outside(lambda: db.session.scalars(select(Audit.case_id).where(of)).all()) == [None]
    told_of = select(Outbox.id).where(Outbox.event == "letter.facts_changed")
    assert not client.outside(lambda: db.session.scalars(told_of).all())
    assert flag(client, told) == (True, "To; Address")


def test_what_changes_back_goes_from_the_list(client: Client, told: Told) -> None:
    changes(client, told, name="Wai Ling Li")
    changes(client, told, name="Wai Ling Ng")
    assert flag(client, told) == (True, "")
    assert "Grace Ng" not in main(client, LIST)


@pytest.mark.parametrize(
    "found", [{"address": "77 Found Street\nPorirua"}, {"name": "Zqxwv Found"}, {"lives_with_student": False}]
)
def test_what_a_service_found_out_flags_no_letter_of_a_school(
    client: Client, told: Told, found: dict[str, Any]
) -> None:
    changes(client, told, told.world.ana, **found)
    assert flag(client, told) == (False, "")
    assert "Grace Ng" not in main(client, LIST)
    assert "Changed since" not in main(client, told.letters + told.letter)


def test_a_corrected_name_of_the_student_flags_it(client: Client, told: Told) -> None:
    world = told.world

    def work() -> None:
        was = facts_of_student(db.session.get_one(Student, world.ng.id))
        becomes, version = replace(was, preferred_name="Gracie"), version_of(was.texts)
        case = make.submitted(world.priya, world.ng, contact=world.tom)
        change_student(make.head(world.mere, case), becomes, version=version, by=world.mere)

    client.outside(work)
    assert flag(client, told) == (True, "Called")


@pytest.mark.parametrize(("half_days", "what"), [(10, ""), (14, ""), (8, "Days absent")])
def test_more_days_missed_since_are_no_correction_and_fewer_are(
    client: Client, told: Told, half_days: int, what: str
) -> None:
    world = told.world
    client.outside(lambda: school.absent(world.mere, world.ng, half_days))
    assert flag(client, told) == (bool(what), what)
    assert ("Changed since" in main(client, told.letters + told.letter)) is bool(what)


def test_days_told_anew_of_the_same_time_flag_it(client: Client, told: Told, clock: Traveller) -> None:
    world = told.world
    clock.shift(timedelta(days=-1))
    client.outside(lambda: school.absent(world.mere, world.ng, 12))
    assert flag(client, told) == (True, "Days absent")
    client.sign_in(world.mere.person_id)
    page = main(client, told.letters + told.letter)
    assert "5 days" in page
    assert "6 days" in page


def test_a_term_that_begins_otherwise_flags_a_letter_that_states_days_from_before_it(
    client: Client, told: Told
) -> None:
    """Its days are from 2 February on; whose were told from a later day on states the same as before."""
    world = told.world

    def later() -> str:
        pupil = make.student("Rangi Late", world.tawa)
        school.absent(world.mere, pupil, 10, from_on=date(2026, 2, 16))
        to = school.caregiver(world.mere, pupil, "Nan Late")
        return school.made(world.mere, pupil, to).public_id

    kept = told._replace(letter=client.outside(later))
    assert _says_term_1(client, date(2026, 2, 9)) <= 17
    assert (flag(client, told), flag(client, kept)) == ((True, "Days absent"), (False, ""))
    assert "Grace Ng" in main(client, LIST)
    assert "Changed since this letter was written:</strong> Days absent" in main(client, told.letters + told.letter)
    changes(client, told, phone="021 555 000")
    assert flag(client, told) == (True, "Days absent"), "it stays until the term is what it was"
    _says_term_1(client, date(2026, 2, 2))
    assert flag(client, told) == (True, "")


def test_days_that_were_counted_on_from_before_the_term_are_others_when_it_begins_later_or_earlier(
    client: Client, told: Told
) -> None:
    world = told.world

    def since_summer() -> str:
        weeks = [Week(date(2026, 1, 19) + timedelta(weeks=number), HalfDays(10, 0, 3)) for number in range(6)]
        until, today = date(2026, 3, 1), date(2026, 3, 4)
        told_so = Absences(weeks[0].from_on, until, until, HalfDays(60, 0, 18), "Our register", today, tuple(weeks))
        pupil = make.student("Rangi Summer", world.tawa)
        state_absences(school.on_roll(world.mere, pupil), told_so, by=world.mere)
        to = school.caregiver(world.mere, pupil, "Nan Summer")
        return school.made(world.mere, pupil, to).public_id

    _says_term_1(client, date(2026, 2, 2))
    rangi = told._replace(letter=client.outside(since_summer))
    for day, what in ((date(2026, 1, 27), "Days absent"), (date(2026, 2, 2), ""), (date(2026, 2, 3), "Days absent")):
        _says_term_1(client, day)
        assert flag(client, rangi) == (True, what)


def test_terms_of_another_school_and_other_terms_flag_nothing(client: Client, told: Told) -> None:
    client.sign_in(told.world.jin.person_id)
    _says_term_1(client, date(2026, 2, 9))
    client.sign_in(told.world.mere.person_id)
    _says_term_1(client, date(2026, 4, 27), term=2)
    assert flag(client, told) == (False, "")


@pytest.mark.parametrize("count", [1, 4])
def test_however_many_letters_state_days_of_a_term_its_days_are_said_in_as_many_statements(
    client: Client, told: Told, count: int
) -> None:
    world = told.world

    def many() -> None:
        for number in range(count):
            pupil = make.student(f"Pupil Number{number}", world.tawa)
            school.absent(world.mere, pupil, 10)
            school.made(world.mere, pupil, school.caregiver(world.mere, pupil, f"Nan Number{number}"))

    client.outside(many)
    assert _says_term_1(client, date(2026, 2, 9)) <= 17
    flagged = select(func.count()).where(Letter.changed_what == "Days absent")
    assert client.outside(lambda: db.session.scalar(flagged)) == count + 1


def _says_term_1(client: Client, from_on: date, *, term: int = 1) -> int:
    """How many statements the school’s word took."""
    until = {1: date(2026, 4, 2), 2: date(2026, 7, 3)}[term]
    page = client.get("/portal/calendar/2026/terms")
    days = {
        f"{name}_{term}-{part}": str(getattr(on, part))
        for name, on in (("from_on", from_on), ("to_on", until))
        for part in ("day", "month", "year")
    }
    assert client.fill(page, "Save the terms", **days).status_code == 303
    return client.statements.count


def test_a_caregiver_whom_the_school_ended_flags_it_until_they_are_named_again(client: Client, told: Told) -> None:
    world = told.world
    to = client.outside(lambda: db.session.get_one(Caregiver, told.to).public_id)

    def ended() -> None:
        found = addressee_for(world.mere, world.ng.public_id, to)
        assert found
        assert give_up(found, by=world.mere)

    client.outside(ended)
    assert flag(client, told) == (True, "The caregiver, who is not named any more")
    assert "who is not named any more" in main(client, told.letters + told.letter)
    assert "Wai Ling Ng" in main(client, LIST)

    def again() -> None:
        found = named_by_us(world.mere, world.ng.public_id, to)
        assert found
        assert name_again(found, by=world.mere)

    client.outside(again)
    assert flag(client, told) == (True, "")


def test_a_letter_of_another_term_is_left_as_it_is(client: Client, told: Told, clock: Traveller) -> None:
    world = told.world
    changes(client, told, name="Wai Ling Li")
    clock.move_to(NEXT_TERM)
    client.outside(lambda: school.absent(world.mere, world.ng, 2, from_on=date(2026, 4, 20)))
    changes(client, told, address="1 Other Road\nTawa")
    assert flag(client, told) == (True, "To")
    client.sign_in(world.mere.person_id)
    assert "Changed since this letter was written:</strong> To (first seen" in main(client, told.letters + told.letter)


def test_a_holiday_that_was_taken_back_flags_its_letter(client: Client, told: Told) -> None:
    world = told.world

    def written() -> tuple[str, str]:
        away = school.holiday(world.mere, world.ng).public_id
        to = db.session.get_one(Caregiver, told.to)
        return away, school.made(world.mere, world.ng, to, holiday=away).public_id

    away, letter = client.outside(written)

    def ended() -> None:
        found = holiday_for(world.mere, world.ng.public_id, away)
        assert found
        end_holiday(found, by=world.mere)

    client.outside(ended)
    assert flag(client, told._replace(letter=letter)) == (True, "The holiday, which was taken back")
    assert flag(client, told) == (False, "")
    assert "Letter on a holiday" in main(client, LIST)
    assert "The holiday, which was taken back" in main(client, told.letters + letter)


def test_a_void_letter_stands_in_no_list_and_is_flagged_no_more(client: Client, told: Told) -> None:
    world = told.world
    changes(client, told, name="Wai Ling Li")

    def void() -> None:
        letter = db.session.scalars(select(Letter).filter_by(public_id=told.letter)).one()
        void_letter(school.now(world.mere, world.ng, letter), "Wrong name", by=world.mere)

    client.outside(void)
    assert "Grace Ng" not in main(client, LIST)
    assert "Facts changed" not in main(client, told.letters)
    changes(client, told, address="1 Other Road\nTawa")
    assert flag(client, told) == (True, "To")


def test_another_school_and_a_contact_of_others_find_nothing(client: Client, told: Told) -> None:
    world = told.world
    changes(client, told, name="Wai Ling Li")
    for who in (world.jin, world.tom, world.aroha):
        client.sign_in(who.person_id)
        assert "Grace" not in main(client, LIST)
    client.sign_in(world.priya.person_id)
    assert "Grace Ng" in main(client, LIST)
    client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom))
    client.sign_in(world.tom.person_id)
    assert "Grace Ng" in main(client, LIST)
    client.sign_in(world.ruth.person_id)
    assert client.get(LIST).status_code == 404


def test_a_student_who_has_left_is_called_as_the_letter_has_them(client: Client, told: Told) -> None:
    world = told.world
    changes(client, told, name="Wai Ling Li")

    def leave() -> None:
        make.left(world.ng, world.tawa)
        student = db.session.get_one(Student, world.ng.id)
        student.legal_name, student.preferred_name = "Zqxwv Protected", "Zqxwvi"

    client.outside(leave)
    page = main(client, LIST)
    assert "Grace Ng" in page
    assert "Zqxwv" not in page


def test_the_list_is_of_pages_and_asks_for_two_statements(client: Client, told: Told) -> None:
    """Letters as they would stand there: the same one over and over, to whom and of whom is all one."""
    world = told.world

    def many() -> None:
        caregivers = [school.caregiver(world.mere, world.ng, f"Somebody {number}") for number in range(PAGE + 2)]
        for each in caregivers:
            school.made(world.mere, world.ng, each)
        for letter in db.session.scalars(select(Letter)):
            letter.changed_what = "Address"
            letter.changed_at = letter.made_at

    client.outside(many)
    page = client.get(LIST)
    first = client.statements.count
    assert page.text.count("to Somebody") + page.text.count("to Wai Ling") == PAGE
    older = client.get(f"{LIST}?after={_last(page.text)}").text
    assert older.count("to Somebody") + older.count("to Wai Ling") == 3
    assert first <= 3


def _last(page: str) -> str:
    return page.rsplit("?after=", 1)[1].split('"', 1)[0]
