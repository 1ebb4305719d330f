"""A draft that was begun by mistake goes without a trace; once something was typed it is asked for first."""

import pytest
from sqlalchemy import func, select

from app.core.db import db
from app.referrals.models import Answer, Referral
from app.referrals.queries import Request
from tests import make
from tests.support.client import Client

LEAVE = "Leave without keeping"


@pytest.fixture
def begun(client: Client, world: make.World) -> str:
    client.sign_in(world.priya.person_id)
    return str(client.send("/portal/referrals/", student=world.whanau.public_id).location)


def drafts(client: Client) -> tuple[int, int]:
    """And their answers."""

    def counted() -> tuple[int, int]:
        rows = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Referral, Answer)]
        return rows[0], rows[1]

    found: tuple[int, int] = client.outside(counted)
    return found


def test_untouched_it_goes_and_can_be_begun_again(client: Client, world: make.World, begun: str) -> None:
    page = client.get(begun)
    left = client.fill(page, LEAVE)
    assert left.location == "/portal/referrals/new"
    assert "The draft was not kept." in client.get(left.location).text, "a student who was just added is"
    assert drafts(client) == (0, 0)
    assert client.fill(page, LEAVE).location == left.location, "pressed twice"
    assert "Hēmi" not in client.get("/portal/referrals/").text
    assert client.send("/portal/referrals/", student=world.whanau.public_id).status_code == 303


def test_once_something_was_typed_it_is_not_offered(client: Client, begun: str) -> None:
    client.fill(client.get(begun), "Save draft", reason="Away.")
    assert LEAVE not in client.get(begun).text


@pytest.mark.parametrize("touched", ["answer", "file", "handed over"])
def test_from_an_older_page_it_is_asked_first_and_nothing_is_lost(
    client: Client, world: make.World, begun: str, touched: str
) -> None:
    page, there = client.get(begun), begun.rstrip("/").rpartition("/")[2]
    if touched == "answer":
        client.fill(page, "Save draft", reason="Away.")
    elif touched == "file":
        client.outside(lambda: make.request_with(world.priya, made(world, there), "a.txt"))
    else:
        client.fill(client.get(f"{begun}handover"), "Hand over", owner=world.mere.public_id)
    answer = client.fill(page, LEAVE)
    assert answer.location == f"{begun}discard"
    assert client.get(answer.location).status_code == 200
    assert drafts(client)[0] == 1


def made(world: make.World, public_id: str) -> Request:
    return make.request_now(world.priya, public_id)


def test_what_others_wrote_is_not_left_by_a_look(client: Client, world: make.World) -> None:
    """A draft that holds more than the roll and the school know has no such button."""
    there = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    client.sign_in(world.mere.person_id)
    assert LEAVE not in client.get(f"/portal/referrals/{there}/").text
    assert client.send(f"/portal/referrals/{there}/leaving").location == f"/portal/referrals/{there}/discard"
