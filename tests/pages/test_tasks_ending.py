"""What is said of tasks where a case goes to somebody else, closes, and is opened again (P2, CASE-5, CASE-9)."""

from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.core.db import db
from tests import make
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
CLOSING = {"stands": "open", "why": "Why", "no_contact_why": "Why", "wrong": "All of it."}
DONE, OPEN, HERS = "Zqxwv: done before", "Zqxwv: ring Ngaire", "Zqxwv: ask nan"


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}"


@pytest.fixture
def ruth(client: Client, world: make.World, number: str) -> Client:
    """The case has three tasks: one is done, one is Ana's by name."""

    def add() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.task(world.ana, case, what=DONE)
        make.task(world.ana, case, what=OPEN)
        make.task(world.ana, case, what=HERS, person_id=world.ana.person_id)

    client.outside(add)
    client.sign_in(world.ruth.person_id)
    address = client.get(f"/workspace/cases/{number}/tasks").text.split(f'">{DONE}')[0].split('href="')[-1]
    client.fill(client.get(address), "Done")
    return client


def words(page: TestResponse) -> str:
    return unescape(page.text)


def test_who_takes_a_case_has_its_tasks_and_whoever_gave_it_reads_so(
    ruth: Client, world: make.World, here: str
) -> None:
    answer = ruth.send(f"{here}/assignment", case_manager=world.david.public_id, has_now=world.ana.public_id)
    assert answer.status_code == 303
    assert "1 task of it that somebody else was to do: David" in words(ruth.get(f"{here}/"))
    tasks = words(ruth.sign_in(world.david.person_id).get(f"{here}/tasks"))
    assert "Ana Tuhoro" not in tasks.split("Done, or not needed")[0].split("<tbody>")[1]


def test_closing_says_what_is_open_and_ends_it_and_opening_again_says_what_had_ended(ruth: Client, here: str) -> None:
    for path in (f"{here}/status/closing", f"{here}/status/closing/made_in_error"):
        page = words(ruth.get(path))
        assert ("2 tasks still open" in page, OPEN in page, HERS in page, DONE in page) == (True, True, True, False)
    assert ruth.send(f"{here}/status/closing/made_in_error", **CLOSING).status_code == 303
    assert "2 open tasks ended with it." in words(ruth.get(f"{here}/"))
    assert words(ruth.get(f"{here}/tasks")).count("not needed any more, The case was closed.") == 2
    page = words(ruth.get(f"{here}/status/open"))
    assert "These tasks ended when it closed, and stay ended." in page
    assert (OPEN in page, HERS in page, DONE in page) == (True, True, False)
    assert ruth.send(f"{here}/status/open", stands="closed", why="He is back.").status_code == 303
    assert "Tasks that ended when it closed stay ended." in words(ruth.get(f"{here}/"))
    assert OPEN not in words(ruth.get(f"{here}/status/closing"))
