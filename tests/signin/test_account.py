"""One's own account, and signing out without a sign-in server to ask."""

from datetime import datetime

import pytest
from markupsafe import escape

from app.core import clock
from app.core.db import db
from app.people.actions import add_person, grant_role
from app.people.models import Kind, Organisation, Person, Role, Source
from app.people.queries import organisation_by_number
from app.signin.oidc import SignInServer
from tests.signin.visits import sign_in_rows


@pytest.fixture
def lupe(places):
    """A workflow lead who is a case manager too, signed in as the first."""

    def make() -> int:
        person = add_person(name="Lupe Vainikolo", email="lupe@maunga.example")
        service = organisation_by_number("S01")
        assert service
        for role in (Role.WORKFLOW_LEAD, Role.CASE_MANAGER):
            grant_role(person, service, role, source=Source.PERSON, by=None)
        return person.id

    return places.sign_in(places.outside(make), "workflow_lead")


def test_ones_phone_is_changed_by_oneself_and_stands_where_one_is_named(lupe):
    page = lupe.get("/account")
    assert 'href="/notifications/settings"' in page.text
    answer = lupe.fill(page, "Keep this phone", phone=" 021  555 0123 ")
    assert answer.headers["Location"] == "/account"
    assert 'value="021 555 0123"' in lupe.get("/account").text
    assert lupe.outside(lambda: db.session.get_one(Person, lupe.person_id).phone) == "021 555 0123"
    lupe.fill(lupe.get("/account"), "Keep this phone", phone="")
    assert lupe.outside(lambda: db.session.get_one(Person, lupe.person_id).phone) == ""


@pytest.mark.parametrize("typed", ["five", "<b>021</b>", "0" * 41])
def test_what_is_no_phone_is_refused_and_stays_typed(lupe, typed):
    answer = lupe.fill(lupe.get("/account"), "Keep this phone", phone=typed)
    assert answer.status_code == 422
    assert "Write a New Zealand phone number" in answer.text
    assert str(escape(typed)) in answer.text
    assert not lupe.outside(lambda: db.session.get_one(Person, lupe.person_id).phone)


def test_another_role_without_signing_in_again(lupe):
    answer = lupe.fill(lupe.get("/account"), "Work as case manager, Te Awa Attendance Service")
    assert answer.headers["Location"] == "/workspace/"
    page = lupe.get("/account").get_data(as_text=True)
    assert "You now work as case manager of Te Awa Attendance Service." in page
    assert "Work as workflow lead" in page


@pytest.mark.parametrize("role", ["", "1", "999", "x"])
def test_a_role_of_somebody_else_is_not_found(lupe, role):
    assert lupe.send("/account/role", role=role).status_code == 404


def test_signing_out_everywhere_ends_every_row(lupe):
    lupe.sign_in(lupe.person_id)
    answer = lupe.fill(lupe.get("/account"), "Sign out everywhere")
    assert answer.headers["Location"] == "/signed-out"
    assert len(sign_in_rows(lupe)) == 2
    assert all(row.ended_at for row in sign_in_rows(lupe))
    assert "You are signed out" in lupe.get("/signed-out").get_data(as_text=True)


def test_signing_out_everywhere_ends_the_session_at_the_sign_in_server_too(lupe, monkeypatch):
    end = "https://sign-in.example/end?client_id=waharoa"
    monkeypatch.setattr(SignInServer, "end_session_address", lambda _self: end)
    assert lupe.fill(lupe.get("/account"), "Sign out everywhere").headers["Location"] == end
    assert all(row.ended_at for row in sign_in_rows(lupe))


def with_roles(places, *roles):
    """Somebody at the school who works in the first of these roles."""

    def make() -> int:
        person = add_person(name="Hemi Rata", email="hemi@tawa-awa.example")
        school = organisation_by_number("9001")
        assert school
        for role in roles:
            grant_role(person, school, role, source=Source.PERSON, by=None)
        return person.id

    return places.sign_in(places.outside(make), roles[0].value)


NO_PAGES = "The work of the role you are in now, investigator, has no pages here yet"
OTHER = "press its “Work as …” button"


def investigator(places, *more):
    """Somebody at the Ministry whose work has no pages yet, but for who holds which role."""

    def make() -> int:
        team = Organisation(kind=Kind.MINISTRY, number="M01", name="Ministry team")
        db.session.add(team)
        db.session.flush()
        person = add_person(name="Hemi Rata", email="hemi@ministry.example")
        grant_role(person, team, Role.INVESTIGATOR, source=Source.PERSON, by=None)
        for role in more:
            school = organisation_by_number("9001")
            assert school
            grant_role(person, school, role, source=Source.PERSON, by=None)
        return person.id

    return places.sign_in(places.outside(make), "investigator")


def test_a_role_without_pages_is_told_so(places):
    page = investigator(places).get("/account").get_data(as_text=True)
    assert NO_PAGES in page
    assert OTHER not in page
    assert "/ministry/people/" in page


def test_a_role_without_pages_is_told_how_to_get_to_those_of_another(places):
    hemi = investigator(places, Role.ATTENDANCE_LEAD)
    page = hemi.get("/account").get_data(as_text=True)
    assert NO_PAGES in page
    assert OTHER in page
    hemi.fill(hemi.get("/account"), "Work as attendance lead, Tawa Awa College")
    assert "has no pages here yet" not in hemi.get("/account").get_data(as_text=True)


def test_an_authoriser_changes_to_the_people_of_that_organisation(places):
    hemi = with_roles(places, Role.ATTENDANCE_LEAD, Role.DELEGATED_AUTHORISER)
    answer = hemi.fill(hemi.get("/account"), "Work as delegated authoriser, Tawa Awa College")
    assert answer.headers["Location"] == "/portal/people/"


def test_staying_begins_the_idle_limit_anew(lupe):
    answer = lupe.send("/account/stay")
    assert answer.status_code == 204
    left = datetime.fromisoformat(answer.headers["X-Idle-Until"]) - clock.now()
    assert 29 * 60 < left.total_seconds() <= 30 * 60


def test_a_sign_in_that_has_ended_cannot_be_kept(client):
    answer = client.post("/account/stay", headers={"HX-Request": "true", "Origin": "http://localhost:8000"})
    assert answer.status_code == 401


def test_signing_out_works_when_the_sign_in_server_does_not_answer(lupe):
    answer = lupe.fill(lupe.get("/account"), "Sign out")
    assert answer.headers["Location"] == "/signed-out"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_in_says_when_the_sign_in_server_does_not_answer(client):
    answer = client.fill(client.get("/sign-in"), "Sign in")
    assert answer.status_code == 502
    assert "could not be reached" in answer.get_data(as_text=True)


def test_signing_out_from_another_site_is_refused(lupe):
    assert lupe.post("/sign-out", headers={"Origin": "https://evil.example"}).status_code == 400
    assert sign_in_rows(lupe)[0].ended_at is None
