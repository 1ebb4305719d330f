"""Letters on non-enrolment: the last day at school, the school days since, and the way to letter 1 (LET-1, LET-5)."""

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.models import LastAttendance
from app.attendance.queries import presence_of
from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.letters.dossiers import addressee_for, basis_of
from app.letters.facts import changes, thawed
from app.letters.gathering import gathered
from app.letters.models import Letter
from app.letters.page import xhtml
from app.letters.purposes import Purpose
from app.letters.window import the_window
from app.letters.wording import wording_for
from app.students.models import Enrolment, EnrolmentSource, Student
from tests import make
from tests.letters import school
from tests.pages.test_letters import boxes
from tests.support.client import Client
from tests.support.databases import Database, Scene

LEFT = date(2026, 2, 12)
SCHOOL_DAYS = "13 school days"
"""From then to the Tuesday of the tests, the 3rd of March: no holiday lies between."""


class Told(NamedTuple):
    """A case of Ana's, of a student who left school, and to whom letter 1 may be written."""

    world: make.World
    number: str
    to: str

    @property
    def case(self) -> str:
        return f"/workspace/cases/{self.number}"

    @property
    def ready(self) -> str:
        return f"{self.case}/letters/to/{self.to}"


def student_who_left() -> Told:
    world = make.world()
    case = make.open_case(world)
    to = make.letter_ready(world, case)
    make.enrolled_nowhere(world, case, since=LEFT)
    return Told(world, case.number, to.public_id)


@pytest.fixture
def scene() -> Scene:
    return student_who_left


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.ana.person_id)
    return made


def facts(client: Client, told: Told) -> dict[str, tuple[str, str, date | None]]:
    """Of the next letter: what it says, from whom, as of when."""

    def known() -> dict[str, tuple[str, str, date | None]]:
        found = addressee_for(told.world.ana, told.number, told.to)
        assert found
        stated = gathered(found.dossier, core_clock.today())
        return {name: (fact.text, fact.source, fact.on) for name, fact in stated.by_name.items()}

    made: dict[str, tuple[str, str, date | None]] = client.outside(known)
    return made


def enrolment(client: Client, told: Told, **values: Any) -> None:
    whose = select(Case.student_id).where(Case.number == told.number).scalar_subquery()
    client.outside(lambda: db.session.execute(update(Enrolment).filter_by(student_id=whose).values(**values)))


def tell(
    client: Client, told: Told, last_on: date, told_on: date | None = None, source: str = "Ngaire, by phone"
) -> Any:
    page = client.get(f"{told.case}/last-day")
    days = boxes("last_on", last_on) | boxes("told_on", told_on or core_clock.today())
    return client.fill(page, "Save", source=source, **days)


def test_a_letter_states_the_last_day_the_school_days_since_and_their_sources(client: Client, told: Told) -> None:
    known = facts(client, told)
    assert known["last_attended_on"] == (
        "Thursday 12 February 2026",
        "The school’s roll: Tawa Awa College",
        core_clock.today(),
    )
    source = "Counted by the school terms and public holidays of Wellington"
    assert known["school_days_since"] == (SCHOOL_DAYS, source, core_clock.today())
    assert not {"days_absent", "half_days_open", "period_from"} & set(known), "of absences it says nothing"


def test_the_school_days_since_are_those_of_the_school_where_the_last_day_was(client: Client, told: Told) -> None:
    world = told.world
    client.outside(lambda: school.closed(world.jin, date(2026, 2, 16), date(2026, 2, 17)))
    assert facts(client, told)["school_days_since"][0] == SCHOOL_DAYS, "another school"
    client.outside(lambda: school.closed(world.mere, date(2026, 2, 16), date(2026, 2, 18)))
    source = "Counted by the calendar of Tawa Awa College"
    assert facts(client, told)["school_days_since"][:2] == ("10 school days", source)
    assert "10 school days since then" in client.get(told.ready).text

    def elsewhere() -> None:
        student_id = db.session.scalars(select(Case.student_id).where(Case.number == told.number)).one()
        make.enrolled(student_id, world.puna, to_on=LEFT + timedelta(days=1))

    client.outside(elsewhere)
    source = "Counted by the calendar of Puna Street School"
    assert facts(client, told)["school_days_since"][:2] == ("10 school days", source)


def test_the_school_is_the_one_at_which_the_last_day_was(client: Client, told: Told) -> None:
    assert facts(client, told)["school_name"][0] == "Tawa Awa College"

    def elsewhere() -> None:
        student_id = db.session.scalars(select(Case.student_id).where(Case.number == told.number)).one()
        make.enrolled(student_id, told.world.puna, to_on=date(2026, 2, 20))

    client.outside(elsewhere)
    known = facts(client, told)
    assert known["last_attended_on"][0] == "Friday 20 February 2026"
    assert known["school_name"][:2] == ("Puna Street School", "The school’s roll")


def test_letter_1_is_ready_without_days_absent_and_is_looked_at_and_made(client: Client, told: Told) -> None:
    page = client.get(told.ready)
    assert "Letter 1 is the next one: Letter of offer of support with enrolling." in page.text
    assert f"Last at school on Thu 12 February 2026, The school’s roll: {SCHOOL_DAYS} since then." in page.text
    assert "absent" not in page.text
    here = client.fill(page, "Look at the letter").location

    def rendered() -> str:
        letter = db.session.scalars(select(Letter)).one()
        make.rendered(letter, by=told.world.ana)
        stated = thawed(letter.facts)
        assert stated.purpose is Purpose.NEN
        return xhtml(stated, wording_for(Purpose.NEN, 1, core_clock.today()), the_window())

    said = " ".join(client.outside(rendered).split())
    assert "was last at school on Thursday 12 February 2026" in said
    assert f"we count {SCHOOL_DAYS}, by the terms" in said
    assert "must be enrolled at a school from their sixth to their sixteenth birthday" in said
    assert "Last school Tawa Awa College" in said
    assert client.fill(client.get(here), "Make this letter").status_code == 303
    assert "The letter is made, and kept as it is." in client.get(here).text


@pytest.mark.parametrize("step", [1, 2, 3])
def test_each_letter_states_the_day_the_days_and_the_duty(client: Client, told: Told, step: int) -> None:
    """LET-5; the formal warning alone names what may follow."""

    def said() -> str:
        found = addressee_for(told.world.ana, told.number, told.to)
        assert found
        wording = wording_for(Purpose.NEN, step, core_clock.today())
        return " ".join(xhtml(gathered(found.dossier, core_clock.today()), wording, the_window()).split())

    text = client.outside(said)
    assert "Thursday 12 February 2026" in text
    assert SCHOOL_DAYS in text
    assert "section 35" in text
    assert ("section 243" in text) is ("up to $3,000" in text) is (step == 3)
    assert ("Tēnā koe" in text, "Ngā mihi nui" in text) == (True, True)


def test_a_student_who_is_on_a_roll_gets_no_such_letter(client: Client, told: Told) -> None:
    enrolment(client, told, to_on=None)
    page = client.get(told.ready)
    assert "The roll of Tawa Awa College has the student, so a letter that says otherwise is not right." in page.text
    assert "Look at the letter" not in page.text
    assert "On a roll today" in client.get(f"{told.case}/last-day").text


def test_what_no_roll_says_is_told_by_hand(client: Client, told: Told) -> None:
    enrolment(client, told, source=EnrolmentSource.PERSON)
    page = client.get(told.ready)
    assert "Nobody has told the last day at school." in page.text
    assert f'href="{told.case}/last-day">Ask the school or the whānau, and write it down' in page.text
    assert "Look at the letter" not in page.text
    assert tell(client, told, date(2026, 2, 20)).status_code == 303
    known = facts(client, told)
    assert known["last_attended_on"][:2] == ("Friday 20 February 2026", "Ngaire, by phone")
    assert known["school_days_since"][0] == "7 school days"
    assert "Look at the letter" in client.get(told.ready).text


def test_what_was_told_later_takes_the_place_of_what_was_told_before_and_both_stay(client: Client, told: Told) -> None:
    tell(client, told, date(2026, 2, 26), source="A slip")
    tell(client, told, date(2026, 2, 20))
    page = client.get(f"{told.case}/last-day").text
    assert page.index("Ngaire, by phone, ") < page.index("A slip, "), "newest first"
    assert "Written down by Ana" in page
    assert facts(client, told)["last_attended_on"][0] == "Friday 20 February 2026"


def test_of_roll_and_what_was_told_the_later_day_is_stated(client: Client, told: Told) -> None:
    tell(client, told, LEFT - timedelta(days=1))
    assert facts(client, told)["last_attended_on"][0] == "Thursday 12 February 2026"
    assert "The later of the two days is the one that letters state." in client.get(f"{told.case}/last-day").text
    tell(client, told, LEFT + timedelta(days=1))
    assert facts(client, told)["last_attended_on"][0] == "Friday 13 February 2026"


def test_a_last_day_is_no_day_to_come_and_somebody_said_it(client: Client, told: Told) -> None:
    tomorrow = core_clock.today() + timedelta(days=1)
    answer = tell(client, told, tomorrow, source="")
    assert answer.status_code == 422
    for fault in ("This day is still to come", "Nobody can have told of a later day", "Say who told you, and how"):
        assert fault in answer.text
    answer = client.fill(client.get(f"{told.case}/last-day"), "Save", source="By phone")
    assert "Write the last day at school" in answer.text
    assert not client.outside(lambda: db.session.scalars(select(LastAttendance)).all())


def test_no_school_day_since_is_nothing_to_write_of(client: Client, told: Told) -> None:
    tell(client, told, core_clock.today())
    page = client.get(told.ready).text
    assert "No school day has gone by since then." in page
    assert "Look at the letter" not in page


@pytest.mark.parametrize(("years", "is_asked"), [(5, True), (6, False), (15, False), (16, True)])
def test_where_there_is_no_duty_the_letter_is_to_be_looked_at(
    client: Client, told: Told, years: int, is_asked: bool
) -> None:
    born = core_clock.today().replace(year=core_clock.today().year - years)
    client.outside(lambda: db.session.execute(update(Student).values(born_on=born)))
    page = client.get(told.ready).text
    assert (
        f"The student is {years}. The duty to enrol is from the sixth to the sixteenth birthday." in page
    ) is is_asked
    assert "Look at the letter" in page


def test_a_day_more_is_no_change_of_the_facts_and_another_last_day_is(
    clock: Traveller, client: Client, told: Told
) -> None:
    def made() -> str:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        found = addressee_for(told.world.ana, told.number, told.to)
        assert found
        return make.letter_made(told.world.ana, case, found.dossier.caregiver).public_id

    letter = client.outside(made)

    def changed() -> list[str]:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        found = make.letter_now(
            told.world.ana, case, db.session.scalars(select(Letter).filter_by(public_id=letter)).one()
        )
        basis = basis_of(found)
        assert basis
        return changes(thawed(found.letter.facts), gathered(basis, core_clock.today()))

    clock.shift(timedelta(days=1))
    assert client.outside(changed) == []
    client.sign_in(told.world.ana.person_id)
    tell(client, told, date(2026, 2, 20))
    assert client.outside(changed) == ["Last day at school"]


def test_the_page_of_a_case_leads_there_where_it_is_one_of_non_enrolment(client: Client, told: Told) -> None:
    link = f'href="{told.case}/last-day"'
    assert link in client.get(f"{told.case}/").text
    client.outside(lambda: db.session.execute(update(Case).values(kind="CA")))
    assert link not in client.get(f"{told.case}/").text


def test_nobody_elses_last_day_is_stated(client: Client, told: Told) -> None:
    """Of another student of the same school, told by the same person."""
    world = told.world

    def of_another() -> None:
        case = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
        make.enrolled_nowhere(world, case, since=date(2026, 2, 26))
        assert presence_of(case.student_id).last

    client.outside(of_another)
    assert facts(client, told)["last_attended_on"][0] == "Thursday 12 February 2026"
    page = client.get(f"{told.case}/last-day").text
    assert "26 February" not in page
