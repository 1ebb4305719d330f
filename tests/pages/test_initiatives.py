"""Initiatives as a service writes them down, two people at once, and makes one of what a school asked (P15)."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.services.actions import ask_for_group
from app.core.db import db
from app.initiatives.models import Initiative
from tests import make
from tests.support.client import Client

HERE = "/workspace/initiatives/"
TYPED: dict[str, Any] = {
    "name": "Walking bus",
    "kind": "travel",
    "aim": "Fewer late starts",
    "schools": ["9001"],
    "from_on-day": "2",
    "from_on-month": "2",
    "from_on-year": "2026",
    "before": "71 %, Term 1, the school’s own count",
}


@pytest.fixture(autouse=True)
def _on_a_tuesday(clock: Traveller) -> None:
    """3 March 2026, in the morning."""


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def words(page: TestResponse) -> str:
    return unescape(page.text)


def added(client: Client, **said: Any) -> str:
    answer = client.fill(client.get(f"{HERE}new"), "Add this initiative", **{**TYPED, **said})
    assert answer.status_code == 303, words(answer)
    return answer.location


def test_it_is_written_down_found_and_printed(ana: Client, world: make.World) -> None:
    at = added(ana)
    assert ana.statements.count <= 9
    page = words(ana.get(at))
    for text in (
        "Walking bus",
        "Getting to school",
        world.tawa.name,
        "Planned",
        "71 %",
        "Ana Tuhoro",
        "Not written yet",
    ):
        assert text in page
    assert 'class="wh-leaf"' in page
    listed = words(ana.get(HERE))
    assert ana.statements.count <= 3
    assert "Walking bus" in listed
    assert f'href="{HERE}"' in ana.get("/workspace/schools/").text
    assert "Walking bus" not in words(ana.get(f"{HERE}?state=done"))


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client) -> None:
    typed = {**TYPED, "name": "", "schools": None, "state": "done", "learned": "It takes two adults."}
    answer = ana.fill(ana.get(f"{HERE}new"), "Add this initiative", **typed)
    assert answer.status_code == 422
    for text in ("Give it a name", "Choose a school, or say", "Say when it ended", "It takes two adults."):
        assert text in words(answer)
    stranger = ana.fill(ana.get(f"{HERE}new"), "Add this initiative", **{**TYPED, "schools": ["9003"]})
    assert stranger.status_code == 422
    assert "not one that your service serves" in words(stranger)


def test_of_two_at_once_the_second_is_shown_both(ana: Client) -> None:
    at = added(ana)
    mine, theirs = ana.get(f"{at}/change"), ana.get(f"{at}/change")
    ana.fill(theirs, "Save", aim="Nobody walks alone", schools=["9001", "9002"])
    answer = ana.fill(mine, "Save", aim="Ten walk together", group="Year 5")
    assert answer.status_code == 409
    for text in ("changed this meanwhile", "Nobody walks alone", "Ten walk together"):
        assert text in words(answer)
    assert ana.fill(answer, "Save").status_code == 303
    page = words(ana.get(at))
    for text in ("Ten walk together", "Year 5", "Puna Street School"):
        assert text in page


def test_what_a_school_asked_for_becomes_one(ana: Client, world: make.World) -> None:
    ana.outside(lambda: ask_for_group("year", "15", "fell", by=world.mere))
    page = ana.get(HERE)
    assert ana.statements.count <= 3
    assert "a year level, 6 to 15 students: their attendance fell this term" in words(page)
    (link,) = [part.partition('"')[0] for part in page.text.split('href="')[1:] if "new?school=" in part]
    form = ana.get(unescape(link))
    assert "asked for support for a year level" in words(form)
    made = {**TYPED, "schools": ["9001"]}
    assert ana.fill(form, "Add this initiative", **made).status_code == 303
    assert ana.outside(lambda: db.session.scalars(select(Initiative.group)).all()) == ["a year level, 6 to 15 students"]
    assert "Make an initiative of it" not in words(ana.get(HERE))


def test_a_notification_of_what_a_school_asked_leads_here(client: Client, world: make.World) -> None:
    client.outside(lambda: ask_for_group("year", "15", "fell", by=world.mere))
    assert f'href="{HERE}"' in client.sign_in(world.ruth.person_id).get("/notifications/").text


def test_nobody_else_sees_it(another_client: Callable[[], Client], ana: Client, world: make.World) -> None:
    at = added(ana)
    for who in (world.lupe, world.wiremu, world.mere, world.moana, world.tane):
        browser = another_client().sign_in(who.person_id)
        assert "Walking bus" not in words(browser.get(HERE))
        assert browser.get(at).status_code == browser.get(f"{at}/change").status_code == 404
