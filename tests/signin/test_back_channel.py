"""The sign-in server's word that somebody left: believed only in the right form, once, from the right one."""

import time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import OperationalError

from app.people import actions
from tests.signin.test_hostile import GOOD
from tests.signin.visits import Visit, sign_in_rows
from tests.support.settings import settings_for

PATH = "/sign-in/back-channel-logout"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


pytestmark = pytest.mark.writes  # the callback is the one GET that may


@pytest.fixture
def settings(database, tmp_path, hostile_peer):
    return settings_for(database.url, tmp_path, OIDC_ISSUER=hostile_peer.issuer)


@pytest.fixture
def signed_in(places, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "sid": "session-1"})
    Visit(places).sign_in()
    return places


def logout(**changes: Any) -> dict[str, Any]:
    """A logout token's claims; None leaves one out."""
    return {
        "aud": "waharoa",
        "sub": GOOD["sub"],
        "sid": "session-1",
        "events": {EVENT: {}},
        "jti": str(uuid4()),
        **changes,
    }


def is_signed_in(client) -> bool:
    return any(row.ended_at is None for row in sign_in_rows(client))


@pytest.mark.parametrize("named", [{}, {"sub": None}, {"sid": None}])
def test_it_ends_the_sign_in_by_session_or_person(signed_in, hostile_peer, named):
    answer = signed_in.post(
        PATH, data={"logout_token": hostile_peer.logout_token(**logout(**named))}, headers={"Origin": "null"}
    )
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert not is_signed_in(signed_in)


def test_another_session_of_the_same_person_stays(signed_in, hostile_peer):
    signed_in.post(PATH, data={"logout_token": hostile_peer.logout_token(**logout(sid="session-2"))})
    assert is_signed_in(signed_in)


LIES: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "another"},
    "an empty audience": {"aud": []},
    "another issuer": {"iss": "https://another.example"},
    "a nonce": {"nonce": "x"},
    "no event": {"events": None},
    "another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "neither session nor person": {"sid": None, "sub": None},
    "no name of its own": {"jti": None},
    "no time": {"iat": None},
    "an old one": {"iat": int(time.time()) - 600},
    "expired": {"exp": int(time.time()) - 60},
    "an access token's type": {"header": {"typ": "at+jwt"}},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_ends_nothing(signed_in, hostile_peer, lie):
    answer = signed_in.post(PATH, data={"logout_token": hostile_peer.logout_token(**logout(**LIES[lie]))})
    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_request"})
    assert is_signed_in(signed_in)


@pytest.mark.parametrize("token", ["", "x.y.z", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_ends_nothing(signed_in, token):
    assert signed_in.post(PATH, data={"logout_token": token}).status_code == 400
    assert is_signed_in(signed_in)


def test_a_token_is_believed_once(signed_in, hostile_peer):
    token = hostile_peer.logout_token(**logout())
    assert signed_in.post(PATH, data={"logout_token": token}).status_code == 200
    assert signed_in.post(PATH, data={"logout_token": token}).status_code == 400


def test_a_token_is_believed_again_when_carrying_it_out_failed(signed_in, hostile_peer, monkeypatch):
    """The sign-in server tries again; the second time must end the sign-in."""
    token = hostile_peer.logout_token(**logout())

    def fail(**_what: object) -> None:
        raise OperationalError("UPDATE sign_in", {}, Exception("database is locked"))

    with monkeypatch.context() as broken:
        broken.setattr(actions, "end_sign_ins_at_issuer", fail)
        assert signed_in.post(PATH, data={"logout_token": token}).status_code >= 500
    assert is_signed_in(signed_in)
    assert signed_in.post(PATH, data={"logout_token": token}).status_code == 200
    assert not is_signed_in(signed_in)
