"""The form of what happened: which task it completes, and what was typed into it and never sent (P2, CASE-12, SHARE-2)."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, update
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.comments.actions import undo
from app.cases.entries import Audience, Entry, EntryKind, Meeting, Unsent
from app.cases.models import Case
from app.cases.tasks.models import Task
from app.core import clock as core_clock
from app.core.db import db
from app.people.models import Organisation
from tests import make
from tests.support.client import Client

SHARED, SERVICE = "Record and share with Tawa Awa College", "Record for our service only"
VISIT = {"kind": "visit", "whom": ["school"], "body": "Talked about Mondays."}
LAST_WEEK = {"other_day-day": "24", "other_day-month": "2", "other_day-year": "2026"}
AS_SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _on_a_tuesday(clock: Traveller) -> None:
    """3 March 2026, in the morning."""


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/meetings"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def planned(client: Client, world: make.World, number: str, *days: int, kind: str = "visit") -> list[str]:
    """Tasks that were written down a week ago, due so many days from now: their public ids."""

    def add() -> list[str]:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        made = [make.task(world.ana, case, what=f"In {each} days", days=each, meeting_kind=kind) for each in days]
        for task in made:
            task.made_at -= timedelta(days=7)
        return [task.public_id for task in made]

    found: list[str] = client.outside(add)
    return found


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def still_open(client: Client) -> list[str]:
    statement = select(Task.what).where(Task.ended_at.is_(None)).order_by(Task.id)
    return list(client.outside(lambda: db.session.scalars(statement).all()))


def events(client: Client) -> int:
    return len(client.outside(lambda: db.session.scalars(select(Meeting.id)).all()))


def record(client: Client, page: TestResponse, to: str = SERVICE, **said: Any) -> TestResponse:
    return client.fill(page, to, **{**VISIT, **said})


def words(page: TestResponse) -> str:
    return unescape(page.text)


def test_the_form_says_which_task_it_completes_and_completes_no_other(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    planned(ana, world, number, 0, 3, 14)
    planned(ana, world, number, 3, kind="call")
    page = ana.get(here)
    assert "Today that is visit: In 0 days, due Tue 3 March; call: In 3 days, due Fri 6 March" in words(page)
    assert record(ana, page).status_code == 303
    assert still_open(ana) == ["In 3 days", "In 14 days", "In 3 days"]
    assert "The task “In 0 days” is done by it." in words(ana.get(here))


def test_what_was_planned_after_it_is_not_done_by_a_visit_of_last_week(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    _, later = planned(ana, world, number, 3, 14)
    ana.outside(lambda: db.session.execute(update(Task).values(made_at=core_clock.now())))
    assert record(ana, ana.get(here), **LAST_WEEK).status_code == 303
    assert still_open(ana) == ["In 3 days", "In 14 days"]
    assert "” is done by it" not in words(ana.get(here))
    answer = record(ana, ana.get(here), **LAST_WEEK, completes=later, whom=["student"])
    assert answer.status_code == 422
    assert "That task was written down after this day" in words(answer)
    assert len(still_open(ana)) == 2


def test_where_more_than_one_fits_it_is_asked(ana: Client, world: make.World, number: str, here: str) -> None:
    _, second = planned(ana, world, number, 0, 0)
    answer = record(ana, ana.get(here))
    assert answer.status_code == 422
    assert "More than one task fits" in words(answer)
    assert "Talked about Mondays." in answer.text
    assert events(ana) == 0
    assert ana.fill(answer, SERVICE, completes=second).status_code == 303
    ended = ana.outside(lambda: db.session.scalars(select(Task.public_id).where(Task.ended_at.is_not(None))).all())
    assert ended == [second]


@pytest.mark.parametrize("said", [{"completes": "none"}, {"was": "attempted"}, {"kind": "call"}])
def test_it_completes_none_where_that_is_said_or_it_was_attempted_or_of_another_kind(
    ana: Client, world: make.World, number: str, here: str, said: dict[str, str]
) -> None:
    planned(ana, world, number, 0)
    assert record(ana, ana.get(here), **said).status_code == 303
    assert still_open(ana) == ["In 0 days"]


def test_from_a_task_its_kind_and_itself_are_chosen_and_one_that_was_ended_is_named(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    (_, later) = planned(ana, world, number, 0, 14)
    assert f'href="{here}?task={later}#record"' in ana.get(f"{here.replace('meetings', 'tasks')}/{later}").text
    page = ana.get(f"{here}?task={later}")
    assert [each.split('"')[0] for each in page.text.split('value="')[1:] if " checked" in each.split(">")[0]] == [
        *("visit", "done", "2026-03-03", later, "")
    ]
    ana.fill(ana.get(f"{here.replace('meetings', 'tasks')}/{later}"), "Done")
    answer = record(ana, page)
    assert (answer.status_code, "That task was ended meanwhile" in words(answer)) == (422, True)
    assert still_open(ana) == ["In 0 days"]


def test_undone_its_task_is_open_again_and_its_words_stand_in_the_form(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    (task,) = planned(ana, world, number, 0)
    step = {"next_step": "Ring nan qzxwv", "next_on-day": "5", "next_on-month": "3", "next_on-year": "2026"}
    said = {"whom": ["school", "student"], "with_others": "Aunty", "began_at": "08:15", "mode": "in_person", **step}
    assert record(ana, ana.get(here), SHARED, **LAST_WEEK, completes=task, **said).status_code == 303
    assert still_open(ana) == ["Ring nan qzxwv"]
    answer = ana.fill(ana.get(here), "Undo: take back what you wrote Tue 24 February, 8:15 am")
    assert answer.status_code == 303, answer.text
    shown = words(ana.get(here.removesuffix("meetings")))
    assert "What you wrote stands in the form of what happened again. The task that it had done is open again." in shown
    assert still_open(ana) == ["In 0 days"]
    page = ana.get(here)
    assert "What was undone is in this form" in words(page)
    for text in ("Talked about Mondays.", "Ring nan qzxwv", 'value="08:15"', 'value="Aunty"', 'value="24"'):
        assert text in words(page)
    assert ana.fill(page, SERVICE, completes=task).status_code == 303
    assert still_open(ana) == ["Ring nan qzxwv"]
    again = ana.get(here)
    assert "What was undone" not in words(again)
    kinds = select(Entry.body).where(Entry.kind == EntryKind.EVENT, Entry.retracted_at.is_(None))
    assert ana.outside(lambda: db.session.scalars(kinds).all()) == ["Talked about Mondays."]


def fields(client: Client, address: str, **typed: Any) -> dict[str, Any]:
    """Of a form that saves by itself, with what is typed."""
    form = client.get(address).text.split("data-saves")[1]
    names = ("csrf_token", "once", "window", "adopted", "turn")
    return {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in names} | typed


def test_what_is_typed_is_kept_for_whoever_types_it_until_it_is_recorded(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    typed = {"kind": "visit", "was": "done", "day": "2026-03-03", "whom": ["school", "student"]}
    first = fields(ana, here, **typed, body="Nobody slept qzxwv.", turn="1")
    saved = ana.post(f"{here}/unsent", data=first, headers=AS_SCRIPT)
    assert (saved.status_code, "Kept for you" in saved.text) == (200, True)
    page = ana.get(here)
    assert "What you had typed and not sent is in this form" in words(page)
    assert "Nobody slept qzxwv." in page.text
    for who in (world.ruth, world.david, world.tom):
        for address in (here, here.removesuffix("meetings"), f"{here.removesuffix('meetings')}comments/unsent"):
            room = "portal" if who is world.tom else "workspace"
            assert "qzxwv" not in ana.sign_in(who.person_id).get(address.replace("workspace", room)).text
    ana.sign_in(world.ana.person_id)
    assert "qzxwv" not in ana.get(here.removesuffix("meetings")).text, "the box of the note is another one"
    assert ana.fill(page, SERVICE).status_code == 303
    event = ana.outside(lambda: db.session.execute(select(Meeting.kind, Meeting.with_student)).all())
    assert [tuple(row) for row in event] == [("visit", True)]
    assert "not sent is in this form" not in words(ana.get(here))
    assert ana.post(f"{here}/unsent", data={**first, "turn": "9"}, headers=AS_SCRIPT).status_code == 200
    assert ana.outside(lambda: db.session.scalars(select(Unsent.body)).all()) != []
    assert record(ana, ana.get(here), kind="call").status_code == 303
    assert not ana.outside(lambda: db.session.scalars(select(Unsent.id)).all())


def test_a_save_that_comes_after_its_form_was_sent_brings_nothing_back(ana: Client, here: str) -> None:
    sent = fields(ana, here, **VISIT, day="2026-03-03", was="done", turn="2")
    assert ana.post(here, data={**sent, "audience": "service"}).status_code == 303
    late = ana.post(f"{here}/unsent", data={**sent, "turn": "1"}, headers=AS_SCRIPT)
    assert (late.status_code, "Kept for you" in late.text) == (200, False)
    assert not ana.outside(lambda: db.session.scalars(select(Unsent.id)).all())


def test_what_two_windows_held_comes_one_after_the_other_and_can_be_thrown_away(ana: Client, here: str) -> None:
    for text in ("The first window", "The second window"):
        ana.post(f"{here}/unsent", data=fields(ana, here, body=text, turn="1", adopted=""), headers=AS_SCRIPT)
    page = ana.get(here)
    assert ("The second window" in page.text, "The first window" in page.text) == (True, False)
    assert ana.fill(page, "Throw it away").status_code == 303
    page = ana.get(here)
    assert ("The second window" in page.text, "The first window" in page.text) == (False, True)
    assert ana.fill(page, "Throw it away").status_code == 303
    assert "window" not in ana.get(here).text.split('id="record"')[1].split("</textarea>")[0].split("<textarea")[1]
    assert events(ana) == 0


@pytest.mark.parametrize("what", ["change", "review"])
def test_a_plan_is_kept_as_it_is_typed_until_it_is_saved_or_left(
    ana: Client, world: make.World, number: str, here: str, what: str
) -> None:
    def plan() -> None:
        make.planned(world.ana, db.session.scalars(select(Case).where(Case.number == number)).one())

    if what == "review":
        ana.outside(plan)
    address = here.replace("meetings", f"plan/{what}")
    version = "1" if what == "review" else "0"
    typed = {
        "goals-0-text": "Up at seven qzxwv",
        "goals-1-text": "Second goal",
        "version": version,
        "outcome": "better",
    }
    day = core_clock.today() + timedelta(days=20)
    review = {f"review_on-{box}": str(getattr(day, box)) for box in ("day", "month", "year")}
    sent = fields(ana, address, **typed, **review, agreed_with="Hēmi", turn="1")
    assert "Kept for you" in ana.post(f"{address}/unsent", data=sent, headers=AS_SCRIPT).text
    page = ana.get(address)
    for text in (
        "Review the plan" if what == "review" else "Make a plan",
        "Up at seven qzxwv",
        "Second goal",
        "Hēmi",
        "not sent is in this form",
    ):
        assert text in words(page)
    assert "qzxwv" not in ana.sign_in(world.ruth.person_id).get(address).text
    ana.sign_in(world.ana.person_id)
    assert ana.fill(page, "Leave it as it is").status_code == 303
    assert "qzxwv" not in ana.get(address).text
    assert "Kept for you" in ana.post(f"{address}/unsent", data={**sent, "window": "w2"}, headers=AS_SCRIPT).text
    answer = ana.fill(ana.get(address), "Save")
    assert answer.status_code == 303, answer.text
    assert "not sent is in this form" not in words(ana.get(address))
    assert "Up at seven qzxwv" in ana.get(here.replace("meetings", "plan")).text


def test_who_works_the_case_no_more_can_copy_what_they_had_typed(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    """SHARE-9: theirs alone, on the case while they may open it, and else beside what waits for them."""
    change = here.replace("meetings", "plan/change")
    event = {"kind": "visit", "was": "done", "whom": ["school"], "body": "Nobody slept qzxwv.", "next_step": "Ring nan"}
    ana.post(f"{here}/unsent", data=fields(ana, here, **event, turn="1"), headers=AS_SCRIPT)
    plan = {"goals-0-text": "Up at seven qzywv", "version": "0"}
    ana.post(f"{change}/unsent", data=fields(ana, change, **plan, turn="1"), headers=AS_SCRIPT)
    ana.send(f"{here.removesuffix('meetings')}comments/unsent", body="Half a thought qzz")
    ana.outside(lambda: make.assigned(the_case(), to=world.david, by=world.ruth))
    refused = ana.get(here)
    assert (refused.status_code, "qzxwv" in refused.text) == (404, False)
    assert 'href="/kept/"' in refused.text
    kept = words(ana.get("/kept/"))
    for text in (
        f"On case {number}",
        "Nobody slept qzxwv.",
        "Ring nan",
        "The school",
        "Up at seven qzywv",
        "thought qzz",
    ):
        assert text in kept
    assert "Send it now" not in kept
    for who in (world.ruth, world.david, world.tom):
        theirs = ana.sign_in(who.person_id)
        assert not re.search("qz[xyz]", theirs.get("/kept/").text)
        assert not re.search("qz[xyz]", theirs.get(here).text)
    service = world.te_awa.id
    ana.outside(lambda: setattr(db.session.get_one(Organisation, service), "case_managers_see_cases", True))
    page = words(ana.sign_in(world.ana.person_id).get(here))
    for text in (
        "What you typed here and did not send",
        "Nobody slept qzxwv.",
        "Up at seven qzywv",
        "cannot record it",
    ):
        assert text in page
    assert "data-saves" not in page
    assert "Nothing is kept" in ana.get("/kept/").text


def test_what_was_typed_into_a_plan_can_be_copied_when_the_case_has_closed(
    ana: Client, world: make.World, here: str
) -> None:
    change = here.replace("meetings", "plan/change")
    plan = {"goals-0-text": "Up at seven qzywv", "version": "0"}
    ana.post(f"{change}/unsent", data=fields(ana, change, **plan, turn="1"), headers=AS_SCRIPT)
    page = here.replace("meetings", "plan")
    assert "qzywv" not in ana.get(page).text, "it stands in its form"
    ana.outside(lambda: make.closed(the_case(), by=world.ruth))
    assert "Up at seven qzywv" in ana.get(page).text
    assert "qzywv" not in ana.sign_in(world.ruth.person_id).get(page).text


def test_an_event_that_was_undone_can_be_copied_too(ana: Client, world: make.World, here: str) -> None:
    def undone() -> None:
        entry = make.event(world.ana, the_case(), Audience.SHARED, "They slept qzxwv.", waits=True, kind="call")
        undo(make.head(world.ana, the_case()), entry, by=world.ana)
        make.assigned(the_case(), to=world.david, by=world.ruth)

    ana.outside(undone)
    kept = words(ana.get("/kept/"))
    assert "They slept qzxwv." in kept
    assert "Call" in kept
