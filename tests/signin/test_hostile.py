"""Against a sign-in server that lies: nobody comes in, one plain page says so, the log says why, without names."""

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.signin.visits import Visit, sign_in_rows
from tests.support.settings import settings_for

GOOD: dict[str, Any] = {
    "sub": "somebody",
    "email": "somebody@hostile.example",
    "email_verified": True,
    "name": "Some Body",
    "waharoa_roles": ["9001/attendance_lead"],
}
NOW = int(time.time())


pytestmark = pytest.mark.writes  # the callback is the one GET that may


@pytest.fixture
def settings(database, tmp_path, hostile_peer):
    return settings_for(database.url, tmp_path, OIDC_ISSUER=hostile_peer.issuer)


@pytest.fixture
def peer(hostile_peer):
    hostile_peer.wish(claims=GOOD)
    return hostile_peer


def test_the_same_server_telling_the_truth_lets_people_in(places, peer):
    assert Visit(places).sign_in().headers["Location"] == "/portal/"


LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {**GOOD, "nonce": "another"}},
    "no nonce": {"claims": GOOD, "without": ["nonce"]},
    "another audience": {"claims": {**GOOD, "aud": "another"}},
    "an empty audience": {"claims": {**GOOD, "aud": ""}},
    "an audience of nobody": {"claims": {**GOOD, "aud": []}},
    "no audience": {"claims": GOOD, "without": ["aud"]},
    "for others too, given to nobody": {"claims": {**GOOD, "aud": ["waharoa", "another"]}},
    "for others too, given to another": {"claims": {**GOOD, "aud": ["waharoa", "another"], "azp": "another"}},
    "given to another": {"claims": {**GOOD, "azp": "another"}},
    "another issuer": {"claims": {**GOOD, "iss": "https://another.example"}},
    "no issuer": {"claims": GOOD, "without": ["iss"]},
    "expired": {"claims": {**GOOD, "exp": NOW - 60}},
    "never expiring": {"claims": GOOD, "without": ["exp"]},
    "of tomorrow": {"claims": {**GOOD, "iat": NOW + 86_400}},
    "of no time": {"claims": GOOD, "without": ["iat"]},
    "of nobody": {"claims": GOOD, "without": ["sub"]},
    "of an empty name": {"claims": {**GOOD, "sub": ""}},
    "not signed": {"claims": GOOD, "unsigned": True},
    "signed with our public key": {"claims": GOOD, "confused": True},
    "signed by a stranger": {"claims": GOOD, "stranger": True},
    "another issuer beside the code": {"claims": GOOD, "redirect": {"iss": "https://another.example"}},
    "userinfo of somebody else": {"claims": {}, "userinfo": {"sub": "another"}},
    "an address nobody verified": {"claims": {**GOOD, "email_verified": False}},
    "an address verified by a word": {"claims": {**GOOD, "email_verified": "true"}},
    "no address": {"claims": {**GOOD, "email": None}},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(places, peer, lie, logged):
    peer.wish(**LIES[lie])
    answer = Visit(places).sign_in()
    assert answer.status_code == 400, answer.headers
    assert "You are not signed in" in answer.get_data(as_text=True)
    assert sign_in_rows(places) == []
    text = logged.getvalue()
    causes = [json.loads(line)["cause"] for line in text.splitlines() if '"sign-in failed"' in line]
    assert len(causes) == 1
    assert "somebody" not in text
    assert "Some Body" not in text


def test_two_audiences_are_fine_when_it_was_given_to_us(places, peer):
    peer.wish(claims={**GOOD, "aud": ["another", "waharoa"], "azp": "waharoa"})
    assert Visit(places).sign_in().status_code == 303


def test_clocks_may_differ_a_little(places, peer):
    now = int(time.time())
    peer.wish(claims={**GOOD, "iat": now + 20, "exp": now - 10})
    assert Visit(places).sign_in().headers["Location"] == "/portal/"


def test_another_state_is_refused(places, peer):
    peer.wish(claims=GOOD, redirect={"state": "another"})
    assert Visit(places).sign_in().status_code == 400


def test_a_way_back_that_another_browser_began_is_refused(places, peer):
    visit = Visit(places)
    back = visit.way_back(visit.leave_for())
    settings = places.application.extensions["settings"]
    places.delete_cookie(settings.session_cookie, domain="localhost")
    assert places.get(back).status_code == 400
    assert sign_in_rows(places) == []


def test_a_replayed_way_back_is_refused(places, peer):
    visit = Visit(places)
    back = visit.way_back(visit.leave_for())
    assert places.get(back).status_code == 303
    assert places.get(back).status_code == 400
    assert len(sign_in_rows(places)) == 1


def test_a_server_that_refuses_the_code_lets_nobody_in(places, peer):
    peer.wish(claims=GOOD, status=400)
    visit = Visit(places)
    back = visit.way_back(visit.leave_for())
    answer = places.get(back)
    assert answer.status_code == 400
    assert sign_in_rows(places) == []


def test_stopping_at_the_server_is_no_fault(places, peer):
    state = parse_qs(urlsplit(Visit(places).leave_for()).query)["state"][0]
    answer = places.get("/sign-in/callback", query_string={"state": state, "error": "access_denied"})
    assert answer.status_code == 400
    assert "You stopped at your sign-in server" in answer.get_data(as_text=True)


def test_a_new_key_is_asked_for_once(places, peer):
    Visit(places).sign_in()
    places.sign_out()
    peer.wish(claims=GOOD, rotate=True)
    Visit(places).sign_in()
    assert len(sign_in_rows(places)) == 2
