"""What was typed is kept for its sender: of an unknown one nothing, for another one nothing, and nobody reads the row."""

import logging
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect
from werkzeug.test import TestResponse

from app import create_app
from app.core import clock, kept
from app.core.db import db
from app.core.kept import KeptForm
from app.core.web.logs import JsonLines
from app.people.models import Person
from app.settings import Settings
from tests import make
from tests.pages.kept_forms import ORIGIN, WORDS, changed, rows, sent, signed_out, token_of, told
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.markup import forms
from tests.support.settings import closed, settings_for

OTHER_SECRET = "another secret of the portal, for tests only"


@pytest.fixture
def path(number: str) -> str:
    """Where a comment of Tom's school is sent."""
    return f"/portal/cases/{number}/comments"


def held_by_the_page(answer: TestResponse) -> None:
    """Nothing is kept here: the answer holds the words, for the browser that has just sent them."""
    assert answer.status_code == 401
    assert "this page holds it" in answer.text
    assert WORDS in answer.text


class TestNothingIsKept:
    @pytest.fixture(autouse=True)
    def nothing(self, client: Client) -> object:
        yield
        assert rows(client) == []

    def test_of_a_browser_without_a_sign_in(self, client: Client, world: make.World, path: str) -> None:
        held_by_the_page(sent(client, path, world.tom))

    def test_of_one_who_signed_out_there(self, client: Client, world: make.World, path: str) -> None:
        """A shared computer: who signed out is a stranger to this browser, though the page is still open."""
        page = client.sign_in(world.tom.person_id).get(path.removesuffix("comments"))
        client.fill(page, "Sign out")
        held_by_the_page(sent(client, path, world.tom))

    def test_of_a_made_up_cookie(self, client: Client, world: make.World, path: str) -> None:
        with client.session_transaction(base_url="http://localhost:8000") as session:
            session["token"] = "made up"
        held_by_the_page(sent(client, path, world.tom))

    def test_with_a_cookie_that_nobody_signed(self, client: Client, world: make.World, path: str) -> None:
        signed_out(client, world.tom)
        found = client.get_cookie("waharoa")
        assert found is not None
        client.set_cookie("waharoa", found.value[:-3] + "abc")
        held_by_the_page(sent(client, path, world.tom))

    @pytest.mark.parametrize("token", ["", "made up", "MQ.aaaaaa.bbbbbb"])
    def test_without_the_forms_own_token(self, client: Client, world: make.World, path: str, token: str) -> None:
        answer = sent(signed_out(client, world.tom), path, world.tom, csrf_token=token)
        assert answer.location.endswith("&unsaved=y")

    def test_with_the_token_of_somebody_else(self, client: Client, world: make.World, path: str) -> None:
        held_by_the_page(sent(signed_out(client, world.tom), path, world.mere))

    def test_when_somebody_else_is_signed_in_by_now(self, client: Client, world: make.World, path: str) -> None:
        client.sign_in(world.mere.person_id)
        assert sent(client, path, world.tom).status_code == 400

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_when_somebody_of_another_audience_is_signed_in_by_now(
        self, client: Client, world: make.World, path: str, headers: dict[str, str]
    ) -> None:
        """They are told so, and a page with scripts stays: a page that says “not found” would take the words away. Without
        scripts the words stand beneath."""
        form = {"csrf_token": token_of(client, world.tom), "once": "a-key", "body": WORDS}
        answer = client.sign_in(world.ruth.person_id).post(path, data=form, headers={**ORIGIN, **headers})
        said = told(answer) if headers else answer.text
        assert answer.status_code == 400
        assert "Somebody else is signed in now in this browser, so nothing was done." in said
        assert (WORDS in answer.text) is not bool(headers)

    @pytest.mark.parametrize("headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}])
    def test_from_another_site(self, client: Client, world: make.World, path: str, headers: dict[str, str]) -> None:
        form = {"csrf_token": token_of(client, world.tom), "once": "a-key", "body": WORDS}
        assert signed_out(client, world.tom).post(path, data=form, headers=headers).status_code == 400

    def test_of_somebody_who_has_left(self, client: Client, world: make.World, path: str) -> None:
        signed_out(client, world.tom)
        client.outside(lambda: setattr(db.session.get_one(Person, world.tom.person_id), "ended_at", clock.now()))
        held_by_the_page(sent(client, path, world.tom))

    def test_of_what_is_too_long(self, client: Client, world: make.World, path: str) -> None:
        answer = sent(signed_out(client, world.tom), path, world.tom, body="x" * kept.LONGEST)
        assert (answer.status_code, "x" * kept.LONGEST in answer.text) == (401, True)

    def test_nor_by_the_page_of_what_is_longer_than_any_form(
        self, client: Client, world: make.World, path: str
    ) -> None:
        answer = sent(signed_out(client, world.tom), path, world.tom, body="x" * 2_000_000)
        assert answer.location.endswith("&unsaved=y")

    def test_of_what_is_no_text(self, client: Client, world: make.World, path: str) -> None:
        assert sent(signed_out(client, world.tom), path, world.tom, body="a\0b").status_code == 400

    def test_of_what_is_no_form(self, client: Client, world: make.World, path: str) -> None:
        headers = {**ORIGIN, "X-CSRF-Token": token_of(client, world.tom), "Content-Type": "application/json"}
        answer = signed_out(client, world.tom).post(path, data='{"body": "x"}', headers=headers)
        assert answer.location.endswith("unsaved=y")


def test_who_signs_in_again_in_another_window_sends_it_from_there(client: Client, world: make.World, path: str) -> None:
    """Signed out in another window of this browser, without scripts."""
    held = sent(client, path, world.tom)
    assert 'target="_blank"' in held.text
    client.sign_in(world.tom.person_id)
    answer = client.fill(held, "Send it again")
    assert (answer.status_code, answer.location) == (303, path.removesuffix("comments"))
    assert WORDS in client.get(answer.location).text


def test_whoever_else_signs_in_there_sends_nothing(client: Client, world: make.World, path: str) -> None:
    held = sent(client, path, world.tom)
    client.sign_in(world.mere.person_id)
    assert client.fill(held, "Send it again").status_code == 400
    assert WORDS not in client.get(path.removesuffix("comments")).text


def test_a_draft_whose_writer_signed_out_in_another_window_is_saved_from_the_page_that_holds_it(
    client: Client, world: make.World
) -> None:
    """Whichever of its buttons is pressed."""
    begun = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    address = f"/portal/referrals/{begun}/"
    for target in ("", "check", "rows", "list"):
        page = client.sign_in(world.priya.person_id).get(address)
        client.sign_out()
        (form,) = [form for form in forms(page.text) if form.action == address]
        words = f"Typed before pressing {target or 'save'}."
        held = client.post(f"{address}{target}", data={**form.values, "reason": words}, headers=ORIGIN)
        assert held.status_code == 401
        client.sign_in(world.priya.person_id)
        assert client.fill(held, "Send it again").status_code == 303
        assert words in client.get(address).text


def test_nobody_else_is_offered_it_or_can_throw_it_away(
    client: Client, another_client: Callable[[], Client], world: make.World, path: str
) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    public_id = rows(client)[0].public_id
    for who in ("mere", "aroha", "ruth", "oscar"):
        other = another_client().sign_in(world.people[who].person_id)
        assert WORDS not in other.get("/kept/").text
        assert "was not sent" not in other.get("/account").text
        assert other.send(f"/kept/{public_id}/thrown-away").status_code == 404
        assert sent(other, path, world.people[who], kept=public_id, body="Mine").status_code in {303, 404}
    assert len(rows(client)) == 1


def test_the_next_person_at_the_same_computer_sees_nothing_of_it(client: Client, world: make.World, path: str) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    client.sign_in(world.mere.person_id)
    for page in ("/kept/", "/portal/", "/account", path.removesuffix("comments")):
        assert WORDS not in client.get(page).text


def test_another_row_cannot_be_put_in_its_place(client: Client, world: make.World, path: str) -> None:
    """Somebody with a prompt at the database gives Tom's row to Mere, or to another address."""
    sent(signed_out(client, world.tom), path, world.tom)
    changed(client, lambda row: setattr(row, "person_id", world.mere.person_id))
    found = client.sign_in(world.mere.person_id).get("/kept/").text
    assert WORDS not in found
    assert "It cannot be opened any more" in found


@pytest.mark.parametrize("spoilt", [b"", b"short", b"x" * 60])
def test_a_spoilt_row_says_so_and_can_be_thrown_away(
    client: Client, world: make.World, path: str, spoilt: bytes
) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    changed(client, lambda row: setattr(row, "sealed", spoilt))
    found = client.sign_in(world.tom.person_id).get("/kept/")
    assert "It cannot be opened any more" in found.text
    assert client.fill(found, "Throw it away").status_code == 303
    assert rows(client) == []


def test_the_row_shows_nothing_of_the_text(client: Client, world: make.World, path: str) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    row = rows(client)[0]
    dumped = b"".join(repr(getattr(row, column.key)).encode() for column in inspect(KeptForm).columns)
    for words in (WORDS, "Monday", "Tawa Awa", "csrf_token"):
        assert words.encode() not in dumped
        assert words.encode() not in row.sealed
    assert row.path == path


def test_with_another_secret_nothing_is_unsealed(
    client: Client, world: make.World, path: str, database: Database, tmp_path: Path
) -> None:
    sent(signed_out(client, world.tom), path, world.tom)
    with closed(create_app(settings_for(database.url, tmp_path, SECRET_KEY=OTHER_SECRET))) as app:
        settings: Settings = app.extensions["settings"]
        with app.app_context():
            offered = kept.kept_for(world.tom.person_id, secret=settings.secret_key)
    assert [found.typed for found in offered] == [None]


def test_neither_logs_nor_addresses_hold_anything_of_it(
    app: Flask, client: Client, world: make.World, path: str
) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    app.logger.addHandler(handler)
    answer = sent(signed_out(client, world.tom), path, world.tom)
    client.sign_in(world.tom.person_id)
    sending = client.fill(client.get("/kept/"), "Send it now")
    assert written.getvalue().count("\n") >= 3
    for words in ("Monday", "rang", path):
        assert words not in written.getvalue()
    for words in ("Monday", "rang"):
        assert words not in f"{answer.location} {sending.location}"
