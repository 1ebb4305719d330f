"""Somebody who was turned away asks for a role, and learns nothing of whom or what the portal knows (A4)."""

import re
from unicodedata import normalize

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.events import Audit, Outbox
from app.people.models import Role
from app.people.queries import organisation_by_number, person_by_email
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.rules import ASKED
from app.signin import turned
from tests.pages.test_hostile import SCRIPT
from tests.pages.test_hostile_forms import PASSES
from tests.signin.test_hostile import GOOD
from tests.signin.visits import Visit
from tests.support.markup import parsed
from tests.support.settings import settings_for

PAGE = "/sign-in/no-access"
WHO = "newcomer@elsewhere.example"


pytestmark = pytest.mark.writes  # the callback is the one GET that may


@pytest.fixture
def settings(database, tmp_path, hostile_peer):
    return settings_for(database.url, tmp_path, OIDC_ISSUER=hostile_peer.issuer)


@pytest.fixture
def client_outside(places, hostile_peer):
    """Somebody who signed in and holds no role."""
    hostile_peer.wish(claims={**GOOD, "email": WHO, "name": "Rina Pōtae", "waharoa_roles": []})
    Visit(places).sign_in()
    return places


def ask(client, organisation="9001", role="office_support", why="I am at the desk"):
    return client.fill(
        client.get(f"{PAGE}?another=yes"), "Ask for this role", organisation=organisation, role=role, why=why
    )


def waiting(client):
    asked = select(RoleRequest.organisation_id, RoleRequest.role, RoleRequest.why).order_by(RoleRequest.id)
    return client.outside(lambda: [tuple(row) for row in db.session.execute(asked)])


def school(client):
    def read():
        found = organisation_by_number("9001")
        assert found
        return found.id

    return client.outside(read)


def person(email):
    """For within a transaction."""
    found = person_by_email(email)
    assert found
    return found


def test_whoever_gives_roles_there_is_told(client_outside):
    answer = ask(client_outside)
    assert answer.headers["Location"] == PAGE
    assert waiting(client_outside) == [(school(client_outside), Role.OFFICE_SUPPORT, "I am at the desk")]

    def told():
        statement = select(Outbox.person_id).where(Outbox.event == ASKED)
        return db.session.scalars(statement).all() == [person("hana@tawa-awa.example").id]

    assert client_outside.outside(told)


def test_that_somebody_was_turned_away_is_kept_with_the_cause_and_no_word_of_them(client_outside):
    def kept():
        (row,) = db.session.scalars(select(Audit).where(Audit.event.startswith("sign_in.turned_away")))
        return row.event, row.person_id, row.thing, row.thing_id == person(WHO).id

    assert client_outside.outside(kept) == ("sign_in.turned_away_no_role", None, "person", True)


def test_the_answer_is_the_same_whatever_the_portal_knows(client_outside):
    said = set()
    for organisation, role in (
        ("9001", "office_support"),
        ("No such place", "office_support"),
        ("S01", "office_support"),
    ):
        ask(client_outside, organisation, role)
        page = client_outside.get(PAGE).get_data(as_text=True)
        assert f": office support, <bdi>{organisation}</bdi>" in page or role != "office_support"
        assert "Ask for this role" not in page
        said.add(re.sub(r"You asked today, [^:]+:\d\d .m: office support, <bdi>[^<]+</bdi>", "", page))
    assert len(said) == 1
    assert len(waiting(client_outside)) == 1


def test_roles_are_grouped_the_schools_first_and_signing_out_leaves_nothing(client_outside):
    page = client_outside.get(PAGE)
    groups = re.findall(r'<optgroup label="([^"]+)"', page.text)
    assert groups == ["At a school", "At an attendance service", "At the Ministry", "At any of them"]
    assert client_outside.fill(page, "Sign out").status_code == 303
    assert client_outside.get(PAGE).headers["Location"] == "/sign-in"


def test_what_is_missing_is_said_and_what_was_typed_stays(client_outside):
    answer = ask(client_outside, " ", "operator", "I keep the roll")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Write the number or the name" in page
    assert "Choose a role" in page
    assert "I keep the roll" in page
    assert ask(client_outside, why="x" * 301).status_code == 422
    assert waiting(client_outside) == []


def test_the_same_is_asked_once_and_not_without_end(client_outside):
    for role in ("office_support", "office_support", "primary_contact", "attendance_lead", "delegated_authoriser"):
        ask(client_outside, role=role)
    asked = [role for _, role, _ in waiting(client_outside)]
    assert asked == [Role.OFFICE_SUPPORT, Role.PRIMARY_CONTACT, Role.ATTENDANCE_LEAD]


def test_nobody_asks_who_was_not_turned_away_just_now(client_outside, monkeypatch):
    monkeypatch.setattr(turned, "LASTS", -1)
    form = {"organisation": "9001", "role": "office_support", "why": "x"}
    assert client_outside.get(PAGE).headers["Location"] == "/sign-in"
    assert client_outside.send(f"{PAGE}/requests", **form).headers["Location"] == "/sign-in"
    assert waiting(client_outside) == []


def test_who_was_shut_out_is_offered_nothing_and_can_ask_nothing(places, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "email": WHO, "waharoa_roles": []})
    visit = Visit(places)
    visit.sign_in()

    def end():
        who = person(WHO)
        who.ended_at = who.made_at

    places.outside(end)
    ask(places)
    assert waiting(places) == []
    visit.sign_in()
    assert "Ask for this role" not in places.get(PAGE).get_data(as_text=True)
    form = {"organisation": "9001", "role": "office_support", "why": "x"}
    assert places.send(f"{PAGE}/requests", **form).headers["Location"] == PAGE
    assert waiting(places) == []


def test_given_they_come_in_and_refused_they_read_why(client_outside, another_client, hostile_peer):
    ask(client_outside)
    ask(client_outside, role="attendance_lead")
    authoriser = another_client()
    authoriser.sign_in(authoriser.outside(lambda: person("hana@tawa-awa.example").id))
    page = authoriser.get("/portal/people/").get_data(as_text=True)
    first, second = (part.split('"')[0] for part in page.split('href="/portal/people/requests/')[1:])
    authoriser.fill(authoriser.get(f"/portal/people/requests/{second}"), "Refuse", why="We have one")
    Visit(client_outside).sign_in()
    refused = client_outside.get(PAGE).get_data(as_text=True)
    assert "Hana Parata refused it" in refused
    assert "We have one" in refused
    authoriser.fill(authoriser.get(f"/portal/people/requests/{first}"), "Give the role")
    assert Visit(client_outside).sign_in().headers["Location"] == "/portal/"


def test_an_unknown_organisation_may_be_asked_of_too_and_a_taken_address_not(places, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": ["9999/attendance_lead"]})
    Visit(places).sign_in()
    page = places.get(PAGE).get_data(as_text=True)
    assert "The portal does not know your organisation" in page
    assert "Ask for this role" in page
    hostile_peer.wish(claims={**GOOD, "sub": "a second account"})
    Visit(places).sign_in()
    page = places.get(PAGE).get_data(as_text=True)
    assert "belongs to another sign-in" in page
    assert "Ask for this role" not in page


@pytest.mark.parametrize("what", ["a NUL", *PASSES])
@pytest.mark.parametrize("field", ["organisation", "why", "role"])
def test_whatever_is_typed_is_refused_or_kept_and_becomes_no_part_of_a_page(client_outside, what, field):
    typed = PASSES.get(what, "a\0b")
    answer = ask(client_outside, **{field: typed})
    assert answer.status_code in ({400} if what == "a NUL" else {303, 422})
    assert SCRIPT not in answer.text
    if answer.status_code == 422 and field != "role":
        (stands,) = [each for each in parsed(answer.text).all("input", "textarea") if each.get("name") == field]
        assert normalize("NFC", typed).strip() in {stands.get("value"), stands.text.strip()}
    kept = [why for _, _, why in waiting(client_outside)]
    assert kept == ([normalize("NFC", typed).strip()] if answer.status_code == 303 and field == "why" else [])
    assert SCRIPT not in client_outside.get(PAGE).text
