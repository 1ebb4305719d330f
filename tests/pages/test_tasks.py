"""Tasks as whoever works a case gives, arranges and ends them (P2); a school learns nothing of them."""

from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.cases.tasks.models import Task
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Audit, Outbox
from tests import make
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
CEILINGS = {"list": 6, "form": 5, "task": 6, "post": 9}
WHAT = "Zqxwv: ring Ngaire about the bus"


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/tasks"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def task(client: Client, world: make.World, number: str, here: str) -> str:
    """Its address: due on the day after tomorrow."""

    def add() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return make.task(world.ana, case, what=WHAT, days=2).public_id

    return f"{here}/{client.outside(add)}"


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}-{box}": str(getattr(day, box)) for box in ("day", "month", "year")}


def on(days: int) -> date:
    return core_clock.today() + timedelta(days=days)


def kept(client: Client) -> Task:
    """The only one there is."""

    def read() -> Task:
        found = db.session.scalars(select(Task)).one()
        db.session.expunge(found)
        return found

    found: Task = client.outside(read)
    return found


def events(client: Client) -> list[str]:
    statement = select(Audit.event).where(Audit.thing == "task").order_by(Audit.id)
    return list(client.outside(lambda: db.session.scalars(statement).all()))


def words(page: TestResponse) -> str:
    return unescape(page.text)


def test_a_task_is_given_to_whoever_has_the_case(ana: Client, world: make.World, here: str) -> None:
    assert "Nothing is to be done here" in ana.get(here).text
    form = ana.get(f"{here}/new")
    assert ana.statements.count <= CEILINGS["form"]
    assert "Whoever has the case: Ana Tuhoro" in form.text
    typed = {"what": f" {WHAT} ", **boxes("due_on", on(2)), "due_at": "9:30", "meeting_kind": "visit"}
    assert ana.fill(form, "Add this task", **typed).status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    task = kept(ana)
    assert (task.what, task.due_on, str(task.due_at)) == (WHAT, on(2), "09:30:00")
    assert (task.meeting_kind, task.person_id, task.remind_on) == ("visit", None, None)
    page = ana.get(here)
    assert ana.statements.count <= CEILINGS["list"]
    for text in (WHAT, "9:30 am", "Visit agreed", "Ana Tuhoro"):
        assert text in words(page)
    one = ana.get(f"{here}/{task.public_id}").text
    assert f'href="{here.replace("tasks", "meetings")}?task={task.public_id}#record">Record it</a>' in one
    assert not ana.outside(
        lambda: db.session.scalar(select(func.count()).select_from(Outbox).where(Outbox.thing == "task"))
    )


def test_it_is_given_to_the_lead_with_a_day_to_be_reminded_on(ana: Client, world: make.World, here: str) -> None:
    typed = {"what": WHAT, **boxes("due_on", on(9)), **boxes("remind_on", on(7)), "person": world.ruth.public_id}
    assert ana.fill(ana.get(f"{here}/new"), "Add this task", **typed).status_code == 303
    task = kept(ana)
    assert (task.person_id, task.remind_on) == (world.ruth.person_id, on(7))
    assert "Ruth Whaanga" in ana.get(here).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": ""}, "Say what is to be done"),
        ({"what": "a" * 501}, "Write at most 500 characters"),
        ({"due_on-day": "", "due_on-month": "", "due_on-year": ""}, "Say by when"),
        ({"due_on-day": "31", "due_on-month": "2"}, "There is no such day"),
        ({"due_on-year": "2025"}, "Choose today or a later day"),
        ({"due_at": "half past"}, "Write the time as hours and minutes"),
        ({"remind_on-day": "1", "remind_on-month": "12", "remind_on-year": "2027"}, "Choose a day before it is due"),
        ({"person": "nobody"}, "Choose somebody from the list"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    ana: Client, here: str, typed: dict[str, str], said: str
) -> None:
    usual = {"what": WHAT, **boxes("due_on", on(2)), "due_at": "14:30"}
    answer = ana.fill(ana.get(f"{here}/new"), "Add this task", **{**usual, **typed})
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'value="{typed.get("due_at", "14:30")}"' in answer.text
    assert not events(ana)


def test_another_day_is_kept_and_said(ana: Client, world: make.World, task: str, here: str) -> None:
    page = ana.get(task)
    assert ana.statements.count <= CEILINGS["task"]
    answer = ana.fill(page, "Save", **boxes("due_on", on(5)), person=world.ruth.public_id)
    assert answer.status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    found = kept(ana)
    assert (found.due_on, found.person_id, found.what) == (on(5), world.ruth.person_id, WHAT)
    page = ana.get(task)
    assert "Ana Tuhoro arranged it anew" in words(page)
    assert f'value="{world.ruth.public_id}" selected' in page.text
    ana.fill(page, "Save")
    assert "It says that already" in ana.get(here).text
    assert events(ana) == ["task.added", "task.changed"]


def test_what_was_arranged_meanwhile_is_shown_beside_what_was_typed(ana: Client, world: make.World, task: str) -> None:
    seen = ana.get(task)
    ana.fill(ana.get(task), "Save", **boxes("due_on", on(5)))
    answer = ana.fill(seen, "Save", **boxes("due_on", on(6)), due_at="14:30")
    assert answer.status_code == 409
    assert "Somebody arranged this task anew meanwhile" in words(answer)
    assert f"{on(5).day} {on(5):%B}" in words(answer)
    assert 'value="14:30"' in answer.text
    assert ana.fill(answer, "Save").status_code == 303
    assert (kept(ana).due_on, str(kept(ana).due_at)) == (on(6), "14:30:00")


def test_done_is_one_press_and_once(ana: Client, world: make.World, task: str, here: str) -> None:
    page = ana.get(task)
    assert ana.fill(page, "Done").status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    found = kept(ana)
    assert (found.ended_by_id, found.dropped_why, found.meeting_id) == (world.ana.person_id, "", None)
    assert "Done. What it was is kept." in ana.get(here).text
    assert ana.send(f"{task}/done").status_code == 303
    assert "This task was ended already" in ana.get(here).text
    ended = ana.get(task)
    assert "Ana Tuhoro did it" in words(ended)
    assert "Arrange it anew" not in ended.text
    assert ana.fill(page, "Save", **boxes("due_on", on(5))).status_code == 409
    assert ana.get(f"{task}/dropping").status_code == 409
    assert events(ana) == ["task.added", "task.done"]


def test_what_is_not_needed_any_more_says_why(ana: Client, task: str, here: str) -> None:
    form = ana.get(f"{task}/dropping")
    assert "Say why" in ana.fill(form, "Not needed any more").text
    assert ana.fill(form, "Not needed any more", why="They rang first").status_code == 303
    assert kept(ana).dropped_why == "They rang first"
    for page in (ana.get(here), ana.get(task)):
        assert "They rang first" in words(page)
    assert events(ana) == ["task.added", "task.dropped"]


def test_the_case_says_how_many_are_open_and_which_is_next(ana: Client, number: str, task: str, here: str) -> None:
    page = ana.get(f"/workspace/cases/{number}/")
    assert f'href="{here}"' in page.text
    assert f"1 open, the next due {on(2):%a} {on(2).day} {on(2):%B}" in words(page)
    ana.fill(ana.get(task), "Done")
    assert "none open" in ana.get(f"/workspace/cases/{number}/").text


@pytest.mark.parametrize("who", ["mere", "tom", "david", "wiremu", "lupe", "moana"])
def test_nobody_else_sees_or_ends_them(client: Client, world: make.World, task: str, here: str, who: str) -> None:
    client.sign_in(world.people[who].person_id)
    for path in (here, task, f"{here}/new", f"{task}/dropping"):
        answer = client.get(path)
        assert (answer.status_code, "Zqxwv" in answer.text) == (404, False)
    assert client.send(f"{task}/done").status_code == 404
    assert events(client) == ["task.added"]


def test_a_task_stands_nowhere_at_the_school(client: Client, world: make.World, number: str, task: str) -> None:
    client.sign_in(world.tom.person_id)
    for path in ("", "access", "files"):
        assert "Zqxwv" not in client.get(f"/portal/cases/{number}/{path}").text
    client.sign_in(world.ruth.person_id)
    seen = client.get(f"/workspace/cases/{number}/school-view").text
    assert "Zqxwv" not in seen
    log = client.get(f"/workspace/cases/{number}/access").text
    assert ("added a task" in log, "Zqxwv" in log) == (True, False)
