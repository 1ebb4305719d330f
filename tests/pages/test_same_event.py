"""The same event a second time is asked about, and recorded where it was another one (CASE-12)."""

from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.comments.actions import retract
from app.cases.entries import Entry, Meeting
from app.cases.models import Case
from app.core.db import db
from tests import make
from tests.support.client import Client

BUTTON = "Record for our service only"
VISIT = {"kind": "visit", "whom": ["school"], "body": "Talked about Mondays."}


@pytest.fixture(autouse=True)
def _on_a_tuesday(clock: Traveller) -> None:
    """3 March 2026, in the morning."""


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/meetings"


def record(client: Client, here: str, **said: Any) -> TestResponse:
    return client.fill(client.get(here), BUTTON, **{**VISIT, **said})


def count(client: Client) -> int:
    found: int = client.outside(lambda: db.session.scalar(select(func.count()).select_from(Meeting)))
    return found


def test_the_second_is_asked_about_with_all_that_was_typed(client: Client, world: make.World, here: str) -> None:
    assert record(client.sign_in(world.ana.person_id), here).status_code == 303
    asked = record(client, here, body="Another talk.")
    assert asked.status_code == 422
    assert "You recorded this already: visit with the school" in unescape(asked.text)
    assert "Another talk." in unescape(asked.text)
    assert count(client) == 1
    assert f"{world.ana.name} recorded this already" in unescape(
        record(client.sign_in(world.ruth.person_id), here).text
    )
    client.sign_in(world.ana.person_id)
    assert client.fill(asked, BUTTON, again="y").status_code == 303
    assert count(client) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "call"},
        {"was": "attempted"},
        {"whom": ["school", "student"]},
        {"with_others": "Nan"},
        {"other_day-day": "2", "other_day-month": "3", "other_day-year": "2026"},
        {"began_at": "08:30"},
    ],
)
def test_what_differs_is_another_one(client: Client, world: make.World, here: str, other: dict[str, Any]) -> None:
    client.sign_in(world.ana.person_id)
    record(client, here, began_at="08:00" if "began_at" in other else "")
    assert record(client, here, **other).status_code == 303


def test_what_was_retracted_is_no_first_one(client: Client, world: make.World, number: str, here: str) -> None:
    record(client.sign_in(world.ana.person_id), here)

    def take_back() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        entry = db.session.scalars(select(Entry).join(Meeting, Meeting.entry_id == Entry.id)).one()
        retract(make.head(world.ana, case), entry, by=world.ana)

    client.outside(take_back)
    assert record(client, here).status_code == 303
