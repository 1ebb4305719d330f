"""From the chooser to the form for a student who is not on the list (REQ-10, CAL-5)."""

from sqlalchemy import func, select, update

from app.cases.arrivals.actions import enrol_with_case
from app.core import clock
from app.core.db import db
from app.people.models import Organisation
from app.referrals.models import Referral
from app.students.models import Enrolment, Student
from tests import make
from tests.support.client import Client

HERE = "/portal/referrals/new-student"
ANI = {
    "legal_name": "Ani Rua",
    "year_level": "9",
    "national_number": "555 666",
    "evidence": "Enrolment form",
    "born_on-day": "4",
    "born_on-month": "5",
    "born_on-year": "2012",
    "enrolled_on-day": "2",
    "enrolled_on-month": "2",
    "enrolled_on-year": "2026",
}


def count(client: Client, *which: object) -> int:
    found = client.outside(lambda: db.session.scalar(select(func.count()).select_from(Student).where(*which)))  # type: ignore[arg-type]
    return int(found)


def test_the_list_leads_to_it_and_the_name_comes_along(client: Client, world: make.World) -> None:
    client.sign_in(world.priya.person_id)
    assert "Not on the list?" not in client.get("/portal/referrals/new").text
    for sought in ("Ani Rua", "grace"):  # nobody, and somebody else
        assert f"{HERE}?name={sought.replace(' ', '%20')}" in client.get(f"/portal/referrals/new?q={sought}").text
    assert 'value="Ani Rua"' in client.get(f"{HERE}?name=Ani%20Rua").text


def test_a_primary_contact_reads_who_can_add_them(client: Client, world: make.World) -> None:
    client.sign_in(world.tom.person_id)
    found = client.get("/portal/referrals/new?q=ani").text
    assert "Your attendance lead or your office can add the student." in found
    assert HERE not in found
    refused = client.get(HERE)
    assert refused.status_code == 403
    assert "It is open to whoever is attendance lead or office support." in refused.text


def test_the_student_is_added_and_the_form_begins(client: Client, world: make.World) -> None:
    page = client.sign_in(world.priya.person_id).get(HERE)
    begun = client.fill(page, "Add and start the request", **ANI)
    assert begun.status_code == 303
    form = client.get(begun.location).text
    assert "Ani Rua" in form
    assert "born 4 May 2012" in form
    assert "Year 9" in form
    assert client.fill(page, "Add and start the request", **ANI).location == begun.location, "pressed twice"
    again = client.fill(client.get(HERE), "Add and start the request", **ANI)
    assert again.location == begun.location, "from another window"
    assert count(client, Student.legal_name == "Ani Rua") == 1
    by = client.outside(lambda: db.session.scalar(select(Enrolment.recorded_by_id).order_by(Enrolment.id.desc())))
    assert by == world.priya.person_id
    assert client.outside(lambda: db.session.scalar(select(func.count()).select_from(Referral))) == 1


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(client: Client, world: make.World) -> None:
    page = client.sign_in(world.priya.person_id).get(HERE)
    refused = client.fill(page, "Add and start the request", **{**ANI, "evidence": "", "born_on-month": "13"})
    assert refused.status_code == 422
    for words in ("Say how you know", "There is no such day", 'value="Ani Rua"', 'value="13"'):
        assert words in refused.text
    assert count(client, Student.legal_name == "Ani Rua") == 0


def test_an_empty_form_says_all_that_is_missing(client: Client, world: make.World) -> None:
    page = client.sign_in(world.priya.person_id).get(HERE)
    for values in ({}, {"year_level": "99"}):
        refused = client.fill(page, "Add and start the request", **values)
        assert refused.status_code == 422
        for words in ("Write the student’s full legal name", "Write the date of birth", "Choose the year level"):
            assert words in refused.text


def test_a_known_number_reads_the_same_and_brings_no_address(client: Client, world: make.World) -> None:
    """Of another school, with a case: neither is told of before the request is sent."""

    def known() -> str:
        student = db.session.get_one(Student, world.other.id)
        student.national_number, student.address = "555666", "12 Kōwhai Street"
        return make.submitted(world.jin, world.other, contact=world.jin).number

    number = client.outside(known)
    page = client.sign_in(world.priya.person_id).get(HERE)
    typed = {**ANI, "legal_name": "Mikaere Whānau", "born_on-year": "2011", "year_level": "10"}
    begun = client.fill(page, "Add and start the request", **typed)
    form = client.get(begun.location).text
    assert "We will join it to an earlier case if there is one." in form
    for words in (number, "Kōwhai Street", "Puna Street", "04 555 0100"):
        assert words not in form
    other = client.fill(client.get(HERE), "Add and start the request", **{**ANI, "legal_name": "Somebody Else"})
    assert other.status_code == 422
    assert "Check the number" in other.text
    assert not any(words in other.text for words in ("Mikaere", "Puna Street", number))


def test_a_move_by_roll_brings_no_address_either(client: Client, world: make.World) -> None:
    """The former school's roll had it; the new one asks before it may see the case."""

    def comes() -> str:
        student = db.session.get_one(Student, world.whanau.id)
        student.address = "9 Zqxwv Street"
        case = make.open_case(world)
        puna = db.session.get_one(Organisation, world.puna.id)
        enrol_with_case(student, puna, from_on=clock.today(), year_level=10)
        return case.number

    number = client.outside(comes)

    def draft(who: int) -> str:
        begun = client.sign_in(who).send("/portal/referrals/", student=world.whanau.public_id)
        return client.get(begun.location).text

    assert "9 Zqxwv Street" in draft(world.mere.person_id)
    assert "9 Zqxwv Street" not in draft(world.jin.person_id)
    assert client.get(f"/portal/cases/{number}/").status_code == 404


def test_a_name_that_turns_our_words_round_is_refused_and_nothing_is_lost(client: Client, world: make.World) -> None:
    page = client.sign_in(world.priya.person_id).get(HERE)
    refused = client.fill(page, "Add and start the request", **{**ANI, "legal_name": "Ani \u202eauR"})
    assert refused.status_code == 422
    assert "turns the order of letters round" in refused.text
    assert "Enrolment form" in refused.text
    assert count(client, Student.legal_name.startswith("Ani")) == 0


def taking_back(client: Client, name: str = "Ani Rua") -> str:
    found = client.outside(lambda: db.session.scalar(select(Student.public_id).where(Student.legal_name == name)))
    return f"{HERE}/{found}/taking-back"


def test_one_added_by_mistake_is_taken_back_with_the_draft(client: Client, world: make.World) -> None:
    client.sign_in(world.priya.person_id)
    draft = client.fill(client.get(HERE), "Add and start the request", **ANI).location
    here = taking_back(client)
    assert here in client.get("/portal/referrals/new?q=ani").text
    assert here in client.get(f"{draft}discard").text
    page = client.get(here)
    for words in ("Was it a mistake to add Ani Rua?", "1 draft of a request", "Enrolment form", "stays theirs"):
        assert words in page.text
    taken = client.fill(page, "Take the student back")
    assert (taken.status_code, taken.location) == (303, "/portal/referrals/new")
    assert "Ani Rua is on your list no more." in client.get(taken.location).text
    assert client.get(draft).status_code == 404
    assert client.get(here).status_code == 404
    assert count(client, Student.legal_name == "Ani Rua") == 0


def test_whom_the_roll_named_stays_and_the_page_says_why(client: Client, world: make.World) -> None:
    client.sign_in(world.priya.person_id)
    assert "taking-back" not in client.get("/portal/referrals/new?q=grace").text
    page = client.get(f"{HERE}/{world.ng.public_id}/taking-back")
    assert "Your roll names this student by now." in page.text
    assert "Take the student back</button>" not in page.text
    refused = client.send(f"{HERE}/{world.ng.public_id}/taking-back")
    assert refused.status_code == 422
    assert "Your roll names this student by now." in refused.text


def test_a_colleague_asked_for_support_meanwhile(client: Client, world: make.World) -> None:
    client.sign_in(world.priya.person_id)
    client.fill(client.get(HERE), "Add and start the request", **ANI)
    page = client.get(taking_back(client))

    def asks() -> None:
        ani = db.session.scalars(select(Student).where(Student.legal_name == "Ani Rua")).one()
        db.session.execute(update(Referral).where(Referral.student_id == ani.id).values(student_id=world.ng.id))
        make.submitted(world.mere, make.Pupil(ani.id, ani.public_id, ani.name), contact=world.tom)

    client.outside(asks)
    refused = client.fill(page, "Take the student back")
    assert refused.status_code == 422
    assert "Your school has asked for support with this student." in refused.text
    assert count(client, Student.legal_name == "Ani Rua") == 1


def test_a_primary_contact_is_not_led_there(client: Client, world: make.World) -> None:
    client.sign_in(world.priya.person_id)
    client.fill(client.get(HERE), "Add and start the request", **ANI)
    client.sign_in(world.tom.person_id)
    assert "taking-back" not in client.get("/portal/referrals/new?q=ani").text
    assert client.get(taking_back(client)).status_code == 403
