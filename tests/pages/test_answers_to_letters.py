"""By when an answer to a letter is hoped for, what comes back instead, and what is to be done then (LET-6, P2), without scripts."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.models import Case
from app.cases.tasks.models import Task
from app.core import clock as core_clock
from app.core.db import db
from app.letters.models import Letter
from app.people.queries import Actor
from tests import make
from tests.support.client import Client
from tests.support.databases import Database, Scene

HOPE = "No answer to letter 1 to Ngaire Te Whānau by then: ring or call in"
FIND = "Find out where Ngaire Te Whānau lives now: letter 1 came back"
CEILINGS = {"sending": 14, "back": 18}


class Told:
    """A case of Ana's with letter 1 that was made."""

    def __init__(self) -> None:
        self.world = make.world()
        case = make.open_case(self.world)
        letter = make.letter_made(self.world.ana, case, make.letter_ready(self.world, case))
        self.number = case.number
        self.here = f"/workspace/cases/{case.number}/letters/{letter.public_id}"


@pytest.fixture
def scene() -> Scene:
    return Told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.ana.person_id)
    return made


def boxes(name: str, day: date | None) -> dict[str, str]:
    return {f"{name}-{box}": str(getattr(day, box)) if day else "" for box in ("day", "month", "year")}


def tasks(client: Client) -> list[tuple[str, date, bool, str]]:
    """What is to be done: by when, whether it is over, and why."""
    found = select(Task.what, Task.due_on, Task.ended_at, Task.dropped_why).order_by(Task.id)
    rows = client.outside(lambda: db.session.execute(found).all())
    return [(row.what, row.due_on, row.ended_at is not None, row.dropped_why) for row in rows]


def sends(client: Client, told: Told, **values: Any) -> Any:
    return client.fill(client.get(f"{told.here}/sending"), "Record it", method="post", **values)


def comes_back(client: Client, told: Told, back: str, **values: Any) -> Any:
    return client.fill(client.get(f"{told.here}/back"), "Record it", back=back, **values)


def test_ten_working_days_are_proposed_and_become_a_task(client: Client, told: Told) -> None:
    assert sends(client, told).status_code == 303
    assert client.statements.count <= CEILINGS["sending"]
    [(what, due_on, is_over, _)] = tasks(client)
    assert (what, is_over) == (HOPE, False)
    today = client.outside(core_clock.today)
    assert due_on == today + timedelta(days=14), "no holiday lies between"
    assert HOPE in unescape(client.get(f"/workspace/cases/{told.number}/tasks").text)


def test_past_due_it_stands_in_my_work(client: Client, clock: Traveller, told: Told) -> None:
    sends(client, told)
    clock.shift(timedelta(days=15))
    client.sign_in(told.world.ana.person_id)
    assert HOPE in unescape(client.get("/workspace/").text)


def test_no_day_no_task(client: Client, told: Told) -> None:
    sends(client, told, **boxes("answer_by", None))
    assert tasks(client) == []


def test_a_day_that_has_gone_is_refused(client: Client, told: Told) -> None:
    today = client.outside(core_clock.today)
    answer = sends(client, told, **boxes("answer_by", today))
    assert answer.status_code == 422
    assert "Choose a day to come, after the letter was sent" in answer.text
    assert tasks(client) == []


def test_an_answer_ends_it(client: Client, told: Told) -> None:
    sends(client, told)
    assert comes_back(client, told, "answered").status_code == 303
    [(what, _, is_over, why)] = tasks(client)
    assert (what, is_over, why) == (HOPE, True, "")


def test_no_answer_leaves_it(client: Client, told: Told) -> None:
    sends(client, told)
    comes_back(client, told, "no_response")
    assert [is_over for _, _, is_over, _ in tasks(client)] == [False]


def test_a_correction_moves_it_or_ends_it(client: Client, told: Told) -> None:
    sends(client, told)
    day = client.outside(core_clock.today) + timedelta(days=21)
    assert client.fill(client.get(f"{told.here}/sending"), "Record it", **boxes("answer_by", day)).status_code == 303
    assert [(due_on, is_over) for _, due_on, is_over, _ in tasks(client)] == [(day, False)]
    client.fill(client.get(f"{told.here}/sending"), "Record it", **boxes("answer_by", None))
    [(_, _, is_over, why)] = tasks(client)
    assert (is_over, why) == (True, "No answer is hoped for by a day any more.")


def test_a_letter_that_came_back_leaves_the_address_to_be_found(client: Client, told: Told) -> None:
    sends(client, told)
    answer = comes_back(client, told, "returned")
    assert answer.status_code == 303
    assert client.statements.count <= CEILINGS["back"]
    hope, find = tasks(client)
    assert (hope[0], hope[2:]) == (HOPE, (True, "The letter came back."))
    assert (find[0], find[2]) == (FIND, False)
    assert "is a task of the case" in unescape(client.get(answer.location).text)
    comes_back(client, told, "returned", back_note="Gone, no address")
    assert len(tasks(client)) == 2, "said again it is no second task"


def test_void_it_waits_for_nothing(client: Client, told: Told) -> None:
    sends(client, told)
    client.fill(client.get(f"{told.here}/voiding"), "Void this letter", why="Wrong address")
    assert [why for _, _, _, why in tasks(client)] == ["The letter was voided."]


def test_what_is_to_be_done_next_is_a_task_only_where_the_writer_says_so(client: Client, told: Told) -> None:
    sends(client, told, **boxes("answer_by", None))
    comes_back(client, told, "answered")
    assert tasks(client) == []
    comes_back(client, told, "answered", next_step="Meet them at school")
    day = client.outside(core_clock.today) + timedelta(days=7)
    assert tasks(client) == [("Meet them at school", day, False, "")]
    refused = comes_back(client, told, "answered", next_step="And again", **boxes("next_on", date(2020, 1, 1)))
    assert refused.status_code == 422
    assert "And again" in refused.text
    assert len(tasks(client)) == 1


def test_each_letter_has_its_own(client: Client, told: Told) -> None:
    """An answer to one letter leaves what is hoped for of another."""

    def another(by: Actor) -> str:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        to = make.caregiver(case, told.world.priya, name="Rangi Other")
        return make.letter_made(by, case, to).public_id

    sends(client, told)
    other = client.outside(lambda: another(told.world.ana))
    there = f"{told.here.rpartition('/')[0]}/{other}"
    client.fill(client.get(f"{there}/sending"), "Record it", method="post")
    comes_back(client, told, "answered")
    assert [(what, is_over) for what, _, is_over, _ in tasks(client)] == [
        (HOPE, True),
        (HOPE.replace("Ngaire Te Whānau", "Rangi Other"), False),
    ]
    assert (
        client.outside(lambda: db.session.scalars(select(Letter.back).where(Letter.public_id == other)).one()) is None
    )
