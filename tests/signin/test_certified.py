"""Against a certified sign-in server: there and back, signing out there, and its word that somebody left."""

from collections.abc import Iterator
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.serving import make_server

from tests.signin.conftest import CLIENT_SECRET
from tests.signin.visits import Visit, roles_held, sign_in_rows
from tests.support.settings import settings_for

TUI = "9001/attendance_lead tui"


pytestmark = pytest.mark.writes  # the callback is the one GET that may


@pytest.fixture
def settings(database, tmp_path, certified_peer):
    return settings_for(
        database.url,
        tmp_path,
        PUBLIC_URL=certified_peer.portal,
        OIDC_ISSUER=certified_peer.issuer,
        OIDC_CLIENT_SECRET=CLIENT_SECRET,
    )


@pytest.fixture
def listening(app) -> Iterator[None]:
    """The portal also listens on its own address, for the sign-in server to call."""
    server = make_server("localhost", urlsplit(app.extensions["settings"].public_url).port, app, threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_somebody_new_comes_in_with_the_role_of_their_claim(places):
    answer = Visit(places).sign_in(TUI)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/portal/")
    assert ("tui@certified.example", "attendance_lead") in roles_held(places)
    page = places.get("/account").get_data(as_text=True)
    assert "tui, tui@certified.example" in page
    assert "Comes from your sign-in" in page


def test_the_request_carries_pkce_state_and_nonce(places):
    asked = parse_qs(urlsplit(Visit(places).leave_for()).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["response_type"] == ["code"]
    assert all(len(asked[name][0]) >= 43 for name in ("code_challenge", "state", "nonce"))


def test_a_stranger_may_not_guess_the_verifier(places):
    """The server refuses a code whose verifier is another one's."""
    visit = Visit(places)
    back = visit.way_back(visit.leave_for(), TUI)
    with places.session_transaction(base_url=places.application.extensions["settings"].public_url) as session:
        session["attempts"] = [{**entry, "verifier": "x" * 43} for entry in session["attempts"]]
    answer = places.get(back)
    assert answer.status_code == 400
    assert sign_in_rows(places) == []


def test_one_returns_to_where_one_wanted_to_go(places):
    answer = Visit(places).sign_in(TUI, start="/sign-in?next=/account")
    assert answer.headers["Location"] == "/account"


def test_a_form_changed_to_lead_elsewhere_leads_home(places):
    answer = Visit(places).sign_in(TUI, next="//evil.example/")
    assert answer.headers["Location"] == "/portal/"


def test_a_shared_computer_has_half_of_both_limits(places):
    Visit(places).sign_in(TUI, shared="y")
    (row,) = sign_in_rows(places)
    assert row.is_shared_computer
    assert row.idle_minutes == 15
    assert (row.ends_at - row.started_at).total_seconds() == 6 * 3600


def test_the_cookie_changes_and_holds_nothing_of_before(places):
    base_url = places.application.extensions["settings"].public_url
    with places.session_transaction(base_url=base_url) as session:
        session["planted"] = "by somebody else"
    Visit(places).sign_in(TUI)
    with places.session_transaction(base_url=base_url) as session:
        assert set(session) == {"token"}


def test_two_windows_may_sign_in_at_once_and_the_first_sign_in_of_this_browser_ends(places):
    one, other = Visit(places), Visit(places)
    ways = [visit.way_back(visit.leave_for(), TUI) for visit in (one, other)]
    assert [places.get(way).status_code for way in ways] == [303, 303]
    assert [row.ended_at is None for row in sign_in_rows(places)] == [False, True]


def test_a_code_is_good_for_one_sign_in(places):
    visit = Visit(places)
    back = visit.way_back(visit.leave_for(), TUI)
    used = parse_qs(urlsplit(back).query)
    assert places.get(back).status_code == 303
    assert places.get(back).status_code == 400
    places.sign_out()
    fresh = parse_qs(urlsplit(visit.leave_for()).query)["state"][0]
    answer = places.get("/sign-in/callback", query_string={"code": used["code"][0], "state": fresh, "iss": used["iss"]})
    assert answer.status_code == 400
    assert len(sign_in_rows(places)) == 1


def test_signing_out_ends_the_row_and_leads_to_the_servers_own_sign_out(places):
    visit = Visit(places)
    visit.sign_in(TUI)
    answer = places.fill(places.get("/account"), "Sign out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert sign_in_rows(places)[0].ended_at is not None
    target = answer.headers["Location"]
    assert target.startswith(places.application.extensions["settings"].oidc_issuer)
    page = visit.browser.get(target, timeout=10)
    assert page.ok, page.text
    assert places.get("/account").headers["Location"] == "/sign-in?next=/account"


def test_signing_out_at_the_server_ends_the_sign_in_here(places, listening):
    visit = Visit(places)
    visit.sign_in(TUI)
    (row,) = sign_in_rows(places)
    assert row.issuer_sid
    assert places.get("/account").status_code == 200
    page = visit.browser.get(f"{row.issuer}/session/end", timeout=10).text
    secret = page.split('name="xsrf" value="')[1].split('"')[0]
    visit.browser.post(f"{row.issuer}/session/end/confirm", data={"xsrf": secret, "logout": "yes"}, timeout=10)
    assert sign_in_rows(places)[0].ended_at is not None
    assert places.get("/account").status_code == 303
