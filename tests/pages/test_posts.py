"""The order of every POST, and a form that arrives more than once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from flask import Flask, g, request
from sqlalchemy import func, select, text
from time_machine import Traveller
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from app.cases.entries import Entry, EntryKind
from app.core import clock as clocks
from app.core.db import db
from app.core.security import csrf_token, random_token
from app.core.seen import ViewLog
from app.core.web.answers import done
from app.core.web.guards import open_to
from app.people.models import Person, SignIn
from tests import make
from tests.support.client import Client


def comments(client: Client) -> int:
    statement = select(func.count()).select_from(Entry).where(Entry.kind == EntryKind.COMMENT)
    return int(client.outside(lambda: db.session.scalar(statement)))


def test_what_comes_from_elsewhere_is_refused_before_anything_is_asked(
    client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.tom.person_id)
    path = f"/portal/cases/{number}/comments"
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://elsewhere.example/x"},
    ):
        answer = client.post(path, headers=headers, data={"body": "Kia ora"})
        assert answer.status_code == 400
        assert client.statements.count == 0
    assert comments(client) == 0


def test_without_its_token_nothing_is_done(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id)
    for token in ("", "made up"):
        answer = client.send(f"/portal/cases/{number}/comments", body="Kia ora", csrf_token=token)
        assert answer.status_code == 400
    assert comments(client) == 0


def test_the_token_of_somebody_else_is_none(
    client: Client, another_client: Callable[[], Client], world: make.World, number: str
) -> None:
    other = another_client().sign_in(world.mere.person_id)
    client.sign_in(world.tom.person_id)
    client.person_id = other.person_id
    answer = client.send(f"/portal/cases/{number}/comments", body="Kia ora")
    assert answer.status_code == 400
    assert "Somebody else is signed in now in this browser" in answer.text
    assert comments(client) == 0


def test_the_same_form_again_gets_the_first_answer_and_one_row(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id)
    key = random_token()
    answers = [client.send(f"/portal/cases/{number}/comments", body="Kia ora", once=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert comments(client) == 1


def test_the_same_key_with_other_words_writes_nothing_and_keeps_the_words(
    client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.tom.person_id)
    key = random_token()
    client.send(f"/portal/cases/{number}/comments", body="First words", once=key)
    answer = client.send(f"/portal/cases/{number}/comments", body="Second words", once=key)
    assert answer.status_code == 422
    assert "Second words" in answer.text
    assert f'value="{key}"' not in answer.text
    assert comments(client) == 1


def test_without_a_key_nothing_is_done(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id)
    answer = client.send(f"/portal/cases/{number}/comments", body="Kia ora", once="")
    assert answer.status_code == 400
    assert "The page was out of date. Nothing was done" in answer.text
    assert client.statements.writes == []
    assert comments(client) == 0


def test_a_view_without_a_form_of_its_own_keeps_the_promise_too(app: Flask, client: Client, world: make.World) -> None:
    def renames() -> Response:
        person = db.session.get_one(Person, g.actor.person_id)
        person.name = request.form["name"]
        return done("Renamed.", "/account")

    app.add_url_rule("/renames", view_func=open_to()(renames), methods=["POST"])
    client.sign_in(world.tom.person_id)
    key = random_token()
    assert client.send("/renames", name="First", once=key).status_code == 303
    answer = client.send("/renames", name="Second", once=key)
    assert answer.status_code == 409
    assert "This page was already sent, and now says something else" in answer.text
    assert client.outside(lambda: db.session.get_one(Person, world.tom.person_id).name) == "First"


def test_a_refused_form_uses_up_no_key(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id)
    key = random_token()
    assert client.send(f"/portal/cases/{number}/comments", body=" ", once=key).status_code == 422
    assert client.send(f"/portal/cases/{number}/comments", body="Kia ora", once=key).status_code == 303


def test_a_part_asked_for_signed_out_leads_to_the_sign_in_page(client: Client, world: make.World, number: str) -> None:
    answer = client.get(f"/portal/cases/{number}/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in"


class TestSignedOutMeanwhile:
    """What was typed is not lost where a script can keep it, and never lost without a word."""

    def test_a_form_leads_to_the_sign_in_page_and_back(self, client: Client, number: str) -> None:
        page = f"/portal/cases/{number}/?show=all"
        answer = client.post(f"/portal/cases/{number}/comments", headers={"Referer": f"http://localhost:8000{page}"})
        there = f"/sign-in?next=/portal/cases/{number}/%3Fshow%3Dall&unsaved=y"
        assert (answer.status_code, answer.location) == (303, there)
        found = client.get(there)
        assert "You were signed out before this was saved." in found.text
        assert f'name="next" value="{page}"' in found.text
        assert "before this was saved" not in client.get("/sign-in").text

    @pytest.mark.parametrize("page", ["https://elsewhere.example/portal/", "/portal/", "http://localhost:8000/nowhere"])
    def test_it_leads_back_to_own_pages_only(self, client: Client, page: str) -> None:
        headers = {"Referer": page, "Origin": "http://localhost:8000"}
        assert client.post("/portal/referrals/", headers=headers).location == "/sign-in?unsaved=y"

    def test_it_does_not_lead_to_where_only_forms_are_sent(self, client: Client, number: str) -> None:
        page = f"http://localhost:8000/portal/cases/{number}/comments"
        assert client.post("/portal/referrals/", headers={"Referer": page}).location == "/sign-in?unsaved=y"

    def test_a_page_with_a_script_stays_and_says_so(self, client: Client, number: str) -> None:
        answer = sent_by_script(client, number, "")
        assert (answer.status_code, answer.text) == (401, "")
        assert "HX-Redirect" not in answer.headers
        assert answer.headers["HX-Reswap"] == "none"
        assert told(answer) == (
            "You are signed out. What you typed is still here: copy it, sign in again in a new window, then send again."
        )

    def test_signed_in_again_as_the_same_person_it_can_be_sent_again(
        self, client: Client, world: make.World, number: str
    ) -> None:
        client.sign_in(world.tom.person_id)
        token = csrf_token(client.application.extensions["settings"].secret_key, world.tom.person_id)
        client.sign_out()
        assert sent_by_script(client, number, token).status_code == 401
        client.sign_in(world.tom.person_id)
        assert sent_by_script(client, number, token).status_code == 303
        assert comments(client) == 1

    def test_somebody_else_by_now_does_not_send_it(self, client: Client, world: make.World, number: str) -> None:
        token = csrf_token(client.application.extensions["settings"].secret_key, world.mere.person_id)
        answer = sent_by_script(client.sign_in(world.tom.person_id), number, token)
        assert (answer.status_code, answer.text) == (400, "")
        assert "Somebody else is signed in now in this browser, so nothing was done." in told(answer)
        assert "What you typed is still here" in told(answer)
        assert comments(client) == 0


def sent_by_script(client: Client, number: str, token: str) -> TestResponse:
    sent = {"csrf_token": token, "once": "a-key", "body": "Kia ora"}
    headers = {"HX-Request": "true", "Origin": "http://localhost:8000"}
    return client.post(f"/portal/cases/{number}/comments", data=sent, headers=headers)


def told(answer: TestResponse) -> str:
    return unquote(answer.headers["X-Tell"])


class TestActivity:
    """Who sends forms is there as much as who reads."""

    @pytest.fixture
    def later(self, clock: Traveller, client: Client, world: make.World, number: str) -> Callable[[int], datetime]:
        """Tom is signed in; so many seconds go by. When he was last seen."""

        def go_on(seconds: int) -> datetime:
            began = clocks.now()
            client.sign_in(world.tom.person_id)
            clock.shift(timedelta(seconds=seconds))
            return began

        return go_on

    def test_what_is_kept_counts(self, later: Callable[[int], datetime], client: Client, number: str) -> None:
        later(61)
        assert client.send(f"/portal/cases/{number}/comments", body="Kia ora").status_code == 303
        assert last_seen(client) == clocks.now()

    def test_what_is_refused_counts_too(self, later: Callable[[int], datetime], client: Client, number: str) -> None:
        later(61)
        assert client.send(f"/portal/cases/{number}/comments", body=" ").status_code == 422
        assert last_seen(client) == clocks.now()

    def test_so_does_a_conflict(self, later: Callable[[int], datetime], app: Flask, client: Client) -> None:
        app.add_url_rule("/kept", view_func=open_to()(lambda: done("", "/account")), endpoint="kept", methods=["POST"])
        later(0)
        client.send("/kept", once="used", body="first")
        later(61)
        assert client.send("/kept", once="used", body="second").status_code == 409
        assert last_seen(client) == clocks.now()

    def test_it_is_noted_once_a_minute(self, later: Callable[[int], datetime], client: Client, number: str) -> None:
        began = later(59)
        assert client.send(f"/portal/cases/{number}/comments", body="Kia ora").status_code == 303
        assert last_seen(client) == began

    def test_what_is_not_from_a_page_of_theirs_does_not_count(
        self, later: Callable[[int], datetime], client: Client, number: str
    ) -> None:
        began = later(61)
        client.send(f"/portal/cases/{number}/comments", body="Kia ora", csrf_token="made up")
        assert last_seen(client) == began


def last_seen(client: Client) -> datetime | None:
    found: datetime | None = client.outside(lambda: db.session.scalar(select(func.max(SignIn.last_seen_at))))
    return found


def test_asking_for_the_head_of_a_case_is_logged_like_opening_it(
    client: Client, world: make.World, number: str
) -> None:
    assert client.sign_in(world.tom.person_id).head(f"/portal/cases/{number}/").status_code == 200
    assert client.outside(lambda: db.session.scalar(select(ViewLog.page))) == "case"


def test_opening_a_case_is_logged_and_a_refused_one_is_not(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/")
    client.sign_in(world.aroha.person_id).get(f"/portal/cases/{number}/")
    lines = client.outside(lambda: [tuple(row) for row in db.session.execute(select(ViewLog.person_id, ViewLog.page))])
    assert lines == [(world.tom.person_id, "case")]


def test_what_cannot_be_logged_is_not_shown(client: Client, world: make.World, number: str) -> None:
    client.outside(lambda: db.session.execute(text("ALTER TABLE view_log RENAME TO view_log_away")))
    answer = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/caregivers/")
    assert answer.status_code == 503
    assert "Whānau" not in answer.text
