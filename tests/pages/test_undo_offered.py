"""What was shared just now is taken back from the message that says so (SHARE-2), also without script."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.entries import Audience, Entry, EntryKind
from app.core.db import db
from tests import make
from tests.support.client import Client

WORDS = "Undo: take back what you did just now"
MESSAGE = re.compile(r'<div class="wh-notices.*?</div>', re.DOTALL)


def added(client: Client, world: make.World, who: str, number: str, audience: str = "shared") -> TestResponse:
    page = f"/{'portal' if who == 'tom' else 'workspace'}/cases/{number}/"
    client.sign_in(getattr(world, who).person_id)
    client.send(f"{page}comments", body="SENT-BY-MISTAKE", audience=audience)
    return client.get(page)


@pytest.mark.parametrize("who", ["tom", "ana"])
def test_what_was_shared_is_taken_back_from_the_message(
    client: Client, world: make.World, number: str, who: str
) -> None:
    page = added(client, world, who, number)
    (message,) = MESSAGE.findall(page.text)
    assert "can read it in 5 minutes" in message
    assert "/undo" in message
    undone = client.get(client.fill(page, WORDS).location)
    assert "Undone: nobody at" in undone.text
    assert WORDS not in " ".join(MESSAGE.findall(undone.text)), "it is offered once"
    other = "ana" if who == "tom" else "tom"
    client.sign_in(getattr(world, other).person_id)
    assert "SENT-BY-MISTAKE" not in client.get(f"/{'workspace' if who == 'tom' else 'portal'}/cases/{number}/").text


@pytest.mark.parametrize("audience", ["service", "restricted"])
def test_what_is_not_shared_has_nothing_to_take_back(
    client: Client, world: make.World, number: str, audience: str
) -> None:
    page = added(client, world, "ana", number, audience)
    (message,) = MESSAGE.findall(page.text)
    assert "/undo" not in message


def widened(client: Client, world: make.World, who: str, number: str) -> str:
    """What the case page says after Ana's note for her service only was shared."""
    added(client, world, "ana", number, "service")
    page = client.sign_in(getattr(world, who).person_id).get(f"/workspace/cases/{number}/").text
    (entry,) = re.findall(r"/entries/([\w-]+)/audience", page)
    answer = client.send(f"/workspace/cases/{number}/entries/{entry}/audience", audience="shared")
    (message,) = MESSAGE.findall(client.get(answer.location).text)
    return str(message)


def test_what_was_widened_is_taken_back_too_and_is_again_for_whom_it_was(
    client: Client, world: make.World, number: str
) -> None:
    message = widened(client, world, "ana", number)
    assert "until then you can undo" in message
    (address,) = re.findall(r'action="([^"]+/undo)"', message)
    assert "It is for whom it was before." in client.get(client.send(address).location).text
    assert [entry.audience for entry in client.outside(notes)] == [Audience.SERVICE]


def test_who_did_not_write_it_is_led_back_by_the_page_that_changes_it(
    client: Client, world: make.World, number: str
) -> None:
    message = widened(client, world, "ruth", number)
    assert "/undo" not in message
    assert "until then you can change it back" in message


def notes() -> list[Entry]:
    found = list(db.session.scalars(select(Entry).where(Entry.kind == EntryKind.COMMENT)))
    db.session.expunge_all()
    return found


def test_too_late_it_says_so(clock: Traveller, client: Client, world: make.World, number: str) -> None:
    page = added(client, world, "tom", number)
    clock.shift(timedelta(minutes=5))
    answer = client.fill(page, WORDS)
    assert answer.status_code == 409
    assert "SENT-BY-MISTAKE" in answer.text


def test_the_part_that_a_script_asks_for_offers_it_too(client: Client, world: make.World, number: str) -> None:
    page = f"/portal/cases/{number}/"
    client.sign_in(world.tom.person_id)
    client.send(f"{page}comments", body="SENT-BY-MISTAKE")
    part = client.get(page, headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "what you did just now" in part.text
