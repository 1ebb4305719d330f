"""The page of who signed in when (A2, A5)."""

from datetime import timedelta

import pytest
from time_machine import Traveller

from app.core.db import db
from app.people.models import Person
from app.people.sign_in_log import queries
from app.people.sign_in_log.actions import note_turned_away
from app.people.sign_in_log.rules import End
from tests import make
from tests.people.test_sign_in_log import signed_in
from tests.support.client import Client


def test_the_page_goes_on_and_names_nobody_of_elsewhere(
    client: Client, world: make.World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.everyone.sign_ins.PAGE", 1)
    monkeypatch.setattr(queries, "PAGE", 1)
    for who in (world.tom, world.ana):
        client.outside(signed_in, who)
    clock.shift(timedelta(minutes=40))
    client.sign_in(world.hana.person_id)
    first = client.get("/sign-ins/")
    assert client.statements.count <= 3
    assert "Signed in now" in first.text
    older = client.get(first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")).text
    assert "Tom Hargreaves" in older
    assert End.IDLE in older
    assert "Tue 3 March, 9:30 am" in older
    assert 'rel="next"' not in older
    assert world.ana.name not in first.text + older
    assert client.get("/sign-ins/?before=²&person=%22%26x=1").status_code == 200
    assert f"/sign-ins/?person={world.tom.public_id}" in client.get("/portal/people/").text


def test_who_was_turned_away_stands_beneath_with_the_cause(client: Client, world: make.World) -> None:
    for who in (world.tom, world.ana):
        client.outside(lambda who=who: note_turned_away(db.session.get_one(Person, who.person_id), "inactive"))
    client.sign_in(world.hana.person_id)
    page = client.get("/sign-ins/").text
    assert client.statements.count <= 3
    there = page.partition('id="turned-away"')[2]
    assert "Turned away in the last 30 days" in there
    assert world.tom.email in there
    assert "Their access was ended" in there
    assert world.ana.name not in page
    assert "turned-away" not in client.get(f"/sign-ins/?person={world.tom.public_id}").text
