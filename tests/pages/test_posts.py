"""The order of every POST, and a form that arrives more than once."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text

from app.cases.models import Entry, EntryKind
from app.core.db import db
from app.core.security import random_token
from app.core.seen import ViewLog
from tests import make
from tests.support.client import Client


@pytest.fixture
def world(client: Client) -> make.World:
    made: make.World = client.outside(make.world)
    return made


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    found: str = client.outside(lambda: make.open_case(world).number)
    return found


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
    assert client.send(f"/portal/cases/{number}/comments", body="Kia ora").status_code == 400
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


def test_a_refused_form_uses_up_no_key(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id)
    key = random_token()
    assert client.send(f"/portal/cases/{number}/comments", body=" ", once=key).status_code == 422
    assert client.send(f"/portal/cases/{number}/comments", body="Kia ora", once=key).status_code == 303


def test_a_part_asked_for_signed_out_leads_to_the_sign_in_page(client: Client, world: make.World, number: str) -> None:
    answer = client.get(f"/portal/cases/{number}/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in"


def test_opening_a_case_is_logged_and_a_refused_one_is_not(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/")
    client.sign_in(world.aroha.person_id).get(f"/portal/cases/{number}/")
    lines = client.outside(lambda: [tuple(row) for row in db.session.execute(select(ViewLog.person_id, ViewLog.page))])
    assert lines == [(world.tom.person_id, "case")]


def test_what_cannot_be_logged_is_not_shown(client: Client, world: make.World, number: str) -> None:
    client.outside(lambda: db.session.execute(text("ALTER TABLE view_log RENAME TO view_log_away")))
    answer = client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/")
    assert answer.status_code == 503
    assert "Whānau" not in answer.text
