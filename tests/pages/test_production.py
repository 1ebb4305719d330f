"""The portal as it stands on the web: which settings it refuses, what every answer carries, what it says when asked wrongly."""

import json
import logging
import re
from collections.abc import Callable, Iterator
from contextvars import Context
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.core.db import db
from app.core.jobs import HEARTBEAT_LATE, beat
from app.core.web.guards import open_to_all
from app.core.web.logs import JsonLines
from app.people.actions import add_person, grant_role
from app.people.models import Kind, Organisation, Role, Source
from app.settings import Settings, UnsafeSettings
from tests.signin.visits import roles_held
from tests.support.settings import settings_for

PUBLIC = "https://attendance.example.nz"
NOBODY = "http://localhost:9"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    f"form-action 'self' {NOBODY}; frame-ancestors 'none'; base-uri 'none'"
)
TRIES_A_MINUTE = 120


@pytest.fixture
def settings(database, tmp_path):
    return settings_for(database.url, tmp_path, PUBLIC_URL=PUBLIC, OIDC_ISSUER=NOBODY)


@pytest.fixture
def hana(client):
    """An attendance lead with names to be looked for, signed in."""

    def make() -> int:
        school = Organisation(kind=Kind.SCHOOL, number="9001", name="Kura Marker-School")
        db.session.add(school)
        db.session.flush()
        person = add_person(name="Hana Marker-Person", email="hana@marker.example")
        grant_role(person, school, Role.ATTENDANCE_LEAD, source=Source.PERSON, by=None)
        return person.id

    return client.sign_in(client.outside(make))


def refusal(tmp_path, **settings: str) -> str:
    with pytest.raises(UnsafeSettings) as refused:
        settings_for("sqlite://", tmp_path, **settings)
    return str(refused.value)


@pytest.mark.parametrize(
    "address", ["http://attendance.example.nz", "http://192.168.1.7:8000", "http://localhost.example.nz"]
)
def test_http_on_another_name_than_loopback_does_not_start(tmp_path, address):
    told = refusal(tmp_path, PUBLIC_URL=address)
    assert "cookies would travel in the clear" in told
    assert "Use https" in told


@pytest.mark.parametrize("address", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000"])
def test_http_on_loopback_starts(tmp_path, address):
    assert settings_for("sqlite://", tmp_path, PUBLIC_URL=address).session_cookie == "waharoa"


@pytest.mark.parametrize(
    "address",
    [
        "attendance.example.nz",
        "ftp://attendance.example.nz",
        "https://",
        "https://attendance.example.nz/portal",
        "https://attendance.example.nz?to=portal",
        "https://attendance.example.nz#portal",
        "https://somebody@attendance.example.nz",
        "https://Attendance.example.nz",
        "https://attendance.example.nz:443",
        "http://localhost:80",
        "https://attendance.example.nz:port",
    ],
)
def test_an_address_that_no_browser_would_send_does_not_start(tmp_path, address):
    assert "PUBLIC_URL must be like https://attendance.example.nz" in refusal(tmp_path, PUBLIC_URL=address)


@pytest.mark.parametrize("address", [PUBLIC, "https://localhost:8000", "http://attendance.example.nz"])
def test_a_demonstration_is_refused_but_for_http_on_loopback(tmp_path, address):
    told = refusal(tmp_path, PUBLIC_URL=address, DEMONSTRATION="http://localhost:8001")
    assert "DEMONSTRATION is only for http on localhost" in told or "PUBLIC_URL is http on" in told


@pytest.mark.parametrize("secret", ["x", "x" * 31])
def test_a_short_secret_does_not_start(tmp_path, secret):
    assert "SECRET_KEY must be at least 32" in refusal(tmp_path, SECRET_KEY=secret)


def test_every_setting_that_is_missing_is_named_at_once():
    with pytest.raises(UnsafeSettings, match="PUBLIC_URL, SECRET_KEY, DATABASE_URL, STORAGE, QUEUE_FILE, OIDC_ISSUER"):
        Settings.from_env({})


@pytest.mark.parametrize("name", ["TRUSTED_PROXIES", "IDLE_MINUTES", "ABSOLUTE_HOURS"])
@pytest.mark.parametrize("text", ["one", "-1", "1.5", "²"])
def test_a_number_that_is_none_does_not_start(tmp_path, name, text):
    assert f"{name} must be a whole number" in refusal(tmp_path, **{name: text})


@pytest.mark.parametrize(("name", "text"), [("LOG_LEVEL", "loud"), ("IDLE_MINUTES", "0"), ("ABSOLUTE_HOURS", "0")])
def test_what_would_not_work_does_not_start(tmp_path, name, text):
    assert name in refusal(tmp_path, **{name: text})


@pytest.mark.parametrize(
    "issuer", ["http://login.example.nz", "http://192.168.1.7:8001", "login.example.nz", "ftp://x"]
)
def test_a_sign_in_server_asked_in_the_clear_does_not_start(tmp_path, issuer):
    assert "OIDC_ISSUER must be an https address" in refusal(tmp_path, OIDC_ISSUER=issuer)


@pytest.mark.parametrize("issuer", ["https://login.example.nz/realm", "http://localhost:8001", "http://127.0.0.1:8001"])
def test_a_sign_in_server_that_is_safe_to_ask_starts(tmp_path, issuer):
    assert settings_for("sqlite://", tmp_path, OIDC_ISSUER=issuer).oidc_issuer == issuer


def test_static_files_are_as_strict(client):
    (script,) = re.findall(r"/static/built/[^\"]+\.js", client.get("/sign-in").text)
    answer = client.get(script)
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()


def test_an_error_of_the_database_quotes_no_values(client):
    assert client.outside(lambda: db.engine.hide_parameters)


@pytest.mark.parametrize(
    "path", ["/nowhere/%00", "/portal/cases/%00/", "/portal/?q=%00", "/portal/?%00=q", "/sign-in?next=%00"]
)
def test_an_address_with_a_nul_is_refused_in_plain_words(client, hana, path):
    answer = client.get(path)
    assert answer.status_code == 400
    assert "a character that no text has" in answer.text


def test_a_form_with_a_nul_is_refused_in_plain_words(client, hana):
    for values in ({"role": "a\0b"}, {"role\0": "a"}, {"role": "a", "once": "a\0b"}):
        assert "a character that no text has" in client.send("/account/role", **values).text
    client.sign_out()
    assert client.send("/sign-in", next="a\0b").status_code == 400


def test_the_sign_in_server_may_end_as_many_sign_ins_as_it_likes(client):
    for _ in range(TRIES_A_MINUTE + 1):
        answer = client.post("/sign-in/back-channel-logout", data={"logout_token": "x"})
    assert answer.status_code == 400


def test_rules_for_roles_that_are_not_there_do_not_start(tmp_path):
    assert "is not a file" in refusal(tmp_path, ROLES_FILE=str(tmp_path / "none.toml"))


def test_the_cookie_goes_to_this_host_only_over_https_and_never_to_scripts(client):
    cookie = client.fill(client.get("/sign-in"), "Sign in").headers["Set-Cookie"]
    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-waharoa=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sign-in", 200),
        ("/portal/", 200),
        ("/account", 200),
        ("/", 303),
        ("/nowhere", 404),
        ("/workspace/", 404),
        ("/sign-in/callback?state=x", 400),
        ("/healthz", 200),
        ("/readyz", 503),
    ],
)
def test_every_answer_is_safe_to_open_and_kept_nowhere(client, hana, path, status):
    if path == "/sign-in":
        client.sign_out()
    answer = client.get(path)
    assert answer.status_code == status
    are_as_they_must_be(answer)


def test_answers_to_posts_are_as_safe(client, hana):
    for answer in (client.send("/account/role", role="x"), client.post("/account/stay"), client.send("/healthz")):
        assert answer.status_code in {400, 404, 405}
        are_as_they_must_be(answer)


def are_as_they_must_be(answer) -> None:
    headers = answer.headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])


@pytest.mark.parametrize("path", ["/", "/portal/", "/account", "/nowhere", "/sign-in"])
def test_another_host_is_told_the_right_address_and_nothing_else(client, hana, path):
    with client.session_transaction(base_url=PUBLIC) as session:
        session["_flashes"] = [("message", "Saved for Hana Marker-Person.")]
    cookie = client.get_cookie("__Host-waharoa", domain="attendance.example.nz")
    client.set_cookie("__Host-waharoa", cookie.value, domain="other.example")
    answer = client.get(path, base_url="https://other.example")
    assert answer.status_code == 421
    assert f"The portal’s address is {PUBLIC}." in answer.text
    assert f'href="{PUBLIC}/"' in answer.text
    assert not re.search("Marker|Sign out|Cases|csrf", answer.text)
    assert "Set-Cookie" not in answer.headers


def test_another_host_changes_nothing(client, hana):
    answer = client.post("/account/sign-out-everywhere", base_url="https://other.example")
    assert answer.status_code == 421
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("host", ["", "a b", "attendance.example.nz:8000", "attendance.example.nz.evil.example", "<b>"])
def test_strange_hosts_are_told_the_same(client, host):
    answer = client.get("/sign-in", environ_overrides={"HTTP_HOST": host})
    assert answer.status_code in {400, 421}
    assert "Marker" not in answer.text
    assert "<b>" not in answer.text


class TestBehindOneProxy:
    """The portal is asked at 127.0.0.1 by a proxy that says whom it asks for."""

    @pytest.fixture
    def settings(self, database, tmp_path):
        return settings_for(database.url, tmp_path, PUBLIC_URL=PUBLIC, OIDC_ISSUER=NOBODY, TRUSTED_PROXIES="1")

    def test_the_proxy_says_host_and_scheme(self, client):
        assert asked(client, "attendance.example.nz").status_code == 200

    def test_only_what_the_nearest_proxy_says_counts(self, client):
        assert asked(client, "attendance.example.nz, other.example").status_code == 421
        assert asked(client, "other.example, attendance.example.nz").status_code == 200

    def test_tries_are_counted_by_the_address_the_proxy_saw(self, client):
        for number in range(TRIES_A_MINUTE):
            assert tried(client, f"10.0.0.{number}, 192.0.2.7").status_code == 303
        assert tried(client, "10.1.1.1, 192.0.2.7").status_code == 429
        assert tried(client, "192.0.2.7, 192.0.2.8").status_code == 303


def test_without_a_trusted_proxy_what_is_forwarded_counts_nothing(client):
    assert asked(client, "attendance.example.nz").status_code == 421
    for number in range(TRIES_A_MINUTE):
        assert tried(client, f"192.0.2.{number}").status_code == 303
    assert tried(client, "192.0.2.200").status_code == 429


def asked(client, forwarded_host: str):
    forwarded = {"X-Forwarded-Host": forwarded_host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    return client.get("/sign-in", base_url="http://127.0.0.1:8000", headers=forwarded)


def tried(client, forwarded_for: str):
    return client.get("/sign-in/no-access", headers={"X-Forwarded-For": forwarded_for})


def test_too_many_tries_get_a_plain_page_and_a_person_is_counted_apart(client, another_client, hana):
    stranger = another_client()
    for _ in range(TRIES_A_MINUTE):
        assert stranger.get("/sign-in/no-access").status_code == 303
    refused = stranger.get("/sign-in")
    assert refused.status_code == 429
    assert "Too many tries" in refused.text
    assert "Wait a minute" in refused.text
    are_as_they_must_be(refused)
    assert client.send("/account/stay").status_code == 204
    assert stranger.get("/healthz").status_code == 200


def test_too_many_writes_of_one_person_are_refused_while_reading_goes_on(client, hana):
    for _ in range(TRIES_A_MINUTE):
        assert client.send("/account/stay").status_code == 204
    assert client.send("/account/stay").status_code == 429
    assert client.get("/portal/").status_code == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    ],
)
def test_signing_in_leads_only_to_own_pages(client, hana, elsewhere):
    answer = client.get("/sign-in", query_string={"next": elsewhere})
    assert (answer.status_code, answer.location) == (303, "/portal/")
    client.sign_out()
    assert "evil" not in client.get("/sign-in", query_string={"next": elsewhere}).text


@pytest.mark.parametrize("path", ["//evil.example/portal", "/portal", "/portal/%0d%0aLocation:x"])
def test_a_mended_address_stays_here(client, hana, path):
    answer = client.get("/", environ_overrides={"PATH_INFO": path}, base_url="http://attendance.example.nz")
    assert answer.status_code in {308, 404}
    assert re.match(r"/(?!/)", answer.headers.get("Location", "/"))


def test_no_sign_in_begins_where_a_request_was_a_post(client):
    assert client.post("/account/stay").location == "/sign-in?unsaved=y"


def test_ready_names_a_storage_that_is_not_there(client):
    Path(client.application.extensions["settings"].storage).rmdir()
    assert "The file storage cannot be written." in client.get("/readyz").text


def test_not_ready_says_so_of_a_worker_that_is_silent(client, clock):
    client.outside(beat, "worker")
    assert client.get("/readyz").status_code == 200
    clock.shift(HEARTBEAT_LATE)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "The worker has not been heard of for over two minutes.\n")


class TestOnADatabaseWithoutTables:
    """As it is before `flask db-upgrade`."""

    @pytest.fixture
    def settings(self, bare_database, tmp_path):
        return settings_for(bare_database.url, tmp_path, PUBLIC_URL=PUBLIC)

    def test_it_says_that_it_is_not_ready(self, client):
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert "not migrated" in answer.text
        assert client.get("/healthz").status_code == 200


@pytest.fixture
def logged(app: Flask, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[dict[str, object]]]]:
    """What is logged from now on, line by line, as it is written; other loggers than the portal's say nothing."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    app.logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    assert "Marker" not in written.getvalue() + caplog.text


def test_a_log_line_tells_the_route_and_nothing_of_whom_it_was_about(client, hana, logged):
    answers = [
        client.get("/portal/referrals/Marker-Path/check?q=Marker-Query", headers={"User-Agent": "Marker-Agent"}),
        client.send("/account/role", role="Marker-Form"),
        client.send("/portal/students/Marker-Path/", name="Marker-Form"),
        client.get("/Marker-Path"),
        client.get("/portal/?q=Marker-Query", base_url="https://marker.example"),
        client.get("/sign-in/callback?state=Marker-State&code=Marker-Code&error=Marker-Error"),
    ]
    lines = [line for line in logged() if line["what"] == "request"]
    assert [line["status"] for line in lines] == [answer.status_code for answer in answers]
    assert [line["request_id"] for line in lines] == [answer.headers["X-Request-Id"] for answer in answers]
    assert lines[0]["route"] == "/portal/referrals/<public_id>/check"
    assert lines[1]["route"] == "/account/role"
    assert lines[3]["route"] == "-"
    assert lines[0]["role"] == "attendance_lead"
    assert set(lines[0]) == {"at", "level", "what", "request_id", "route", "method", "status", "ms", "role"}


def test_an_unexpected_error_shows_no_details_and_logs_only_the_places(app, client, hana, logged):
    def breaks(word: str) -> str:
        raise ValueError(f"{word} of Hana Marker-Person")

    app.add_url_rule("/breaks/<word>", view_func=open_to_all(breaks))
    answer = client.get("/breaks/Marker-Word")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "ValueError" not in answer.text
    assert "test_production" not in answer.text
    assert "Marker-Word" not in answer.text
    are_as_they_must_be(answer)
    told = next(line for line in logged() if line["level"] == "ERROR")
    assert told["error"] == "ValueError"
    assert any("test_production.py:" in place for place in told["places"])
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert told["route"] == "/breaks/<word>"


class TestGranting:
    """`flask people grant`, for the first delegated authoriser."""

    @pytest.fixture
    def grant(self, app, client, hana):
        def carry_out(*words: str):
            return Context().run(app.test_cli_runner().invoke, args=["people", "grant", *words])

        return carry_out

    def test_a_new_person_gets_the_role(self, client, grant):
        done = grant("New.Person@Marker.example", "delegated_authoriser", "9001")
        assert done.exit_code == 0, done.output
        assert "new.person@marker.example is delegated_authoriser at Kura Marker-School" in done.output
        assert ("new.person@marker.example", "delegated_authoriser") in roles_held(client)

    def test_the_first_operator_is_made_with_the_organisation_that_runs_the_portal(self, client, grant):
        done = grant("you@marker.example", "operator", "O01")
        assert done.exit_code == 0, done.output
        assert ("you@marker.example", "operator") in roles_held(client)
        assert grant("two@marker.example", "operator", "O01").exit_code == 0
        other = grant("three@marker.example", "operator", "O02")
        assert "no organisation with the number O02" in other.output, "there is one of them"

    def test_somebody_known_gets_a_further_role(self, client, grant):
        assert grant("HANA@marker.example", "delegated_authoriser", "9001").exit_code == 0
        assert roles_held(client) == {
            ("hana@marker.example", "attendance_lead"),
            ("hana@marker.example", "delegated_authoriser"),
        }

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("hana@marker.example", "case_manager", "9001"), "it has no case manager"),
            (("hana@marker.example", "delegated_authoriser", "9999"), "no organisation with the number 9999"),
            (("hana@marker.example", "head_teacher", "9001"), "'delegated_authoriser'"),
            (("hana@marker.example", "attendance_lead", "9001"), "has that role already"),
            (("hana", "delegated_authoriser", "9001"), "is not an e-mail address"),
        ],
    )
    def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(self, client, grant, words, told):
        done = grant(*words)
        assert done.exit_code != 0
        assert told in done.output
        assert "Traceback" not in done.output
        assert roles_held(client) == {("hana@marker.example", "attendance_lead")}


def test_it_starts_with_good_settings_only(tmp_path):
    spoilt = tmp_path / "roles.toml"
    spoilt.write_text('[[rule]]\nclaim = "groups"\n')
    with pytest.raises(UnsafeSettings, match="line 1"):
        create_app(settings_for("sqlite://", tmp_path, ROLES_FILE=str(spoilt)))
