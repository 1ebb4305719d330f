"""The visit sheet of a case, for whoever goes there (P16)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert, select
from time_machine import Traveller

from app.cases.entries import Meeting
from app.cases.meetings.models import MeetingAnswer
from app.cases.models import Case
from app.core.db import db
from app.core.seen import ViewLog
from tests import make
from tests.support.client import Client
from tests.support.markup import words


@pytest.fixture(autouse=True)
def _on_a_tuesday(clock: Traveller) -> None:
    """3 March 2026, in the morning."""


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/visit-sheet"


def case_of(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number)).one()


def with_tasks(world: make.World, number: str) -> tuple[str, str]:
    case = case_of(number)
    made = (make.task(world.ana, case, what) for what in ("Ask nan about Mondays", "Bring the bus card"))
    return tuple(task.public_id for task in made)  # type: ignore[return-value]


def test_it_says_where_who_what_for_and_what_to_ask(client: Client, world: make.World, number: str, here: str) -> None:
    _, second = client.outside(with_tasks, world, number)
    ana = client.sign_in(world.ana.person_id)
    assert f'href="{here}"' in ana.get(here.removesuffix("visit-sheet")).text
    page = words(ana.get(here))
    assert ana.statements.count <= 7
    for text in (make.SAFETY["safety_fact"], "12 Kōwhai Street", "Ngaire Te Whānau", "Still to ask", "What has helped"):
        assert text in page
    assert "Ask nan about Mondays (due" in page
    assert "Bring the bus card (due" in words(ana.get(f"{here}?task={second}"))
    assert "Ask nan about Mondays (due" in words(ana.get(f"{here}?task=nobody"))


def test_what_was_answered_is_asked_no_more(client: Client, world: make.World, number: str, here: str) -> None:
    def answered() -> None:
        entry = make.event(world.ana, case_of(number))
        meeting = db.session.scalars(select(Meeting.id).where(Meeting.entry_id == entry.id)).one()
        db.session.execute(insert(MeetingAnswer).values(meeting_id=meeting, field="helped", text="The bus."))

    client.outside(answered)
    page = words(client.sign_in(world.ruth.person_id).get(here))
    assert "What has helped" not in page
    assert "What gets in the way" in page


def test_each_look_is_logged_and_nobody_else_has_one(
    another_client: Callable[[], Client], client: Client, world: make.World, here: str
) -> None:
    client.sign_in(world.ana.person_id).get(here)
    logged: list[Any] = client.outside(
        lambda: db.session.scalars(select(ViewLog.person_id).where(ViewLog.page == "visit sheet")).all()
    )
    assert logged == [world.ana.person_id]
    for who in (world.david, world.lupe, world.mere, world.tom, world.moana):
        assert another_client().sign_in(who.person_id).get(here).status_code == 404
