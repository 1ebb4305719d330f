"""The plan of a case: made, changed, reviewed, printed; what the school reads of it (CASE-16)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.plans.models import Plan, PlanAction
from app.cases.plans.queries import plan_in_force
from app.cases.updates.actions import ask_for_update
from app.core.db import db
from app.core.events import Audit, Outbox
from tests import make
from tests.support.client import Client
from tests.support.markup import words

TYPED = {
    "goals-0-text": "At school on Mondays",
    "goals-0-actions-0-text": "Bus card",
    "goals-0-actions-0-who": "Ana",
    "goals-0-actions-0-by_on-day": "1",
    "goals-0-actions-0-by_on-month": "12",
    "goals-0-actions-0-by_on-year": "2099",
    "agreed_with": "Hēmi and his nan",
}


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/plan"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def school(another_client: Callable[[], Client], world: make.World) -> Client:
    return another_client().sign_in(world.tom.person_id)


@pytest.fixture
def plan(client: Client, world: make.World, number: str) -> Callable[..., Any]:
    """Ana makes one."""

    def write(**how: Any) -> Any:
        return client.outside(lambda: make.planned(world.ana, the_case(number), **how))

    return write


def the_case(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number)).one()


def count(client: Client, table: Any, **values: Any) -> int:
    statement = select(func.count()).select_from(table).filter_by(**values)
    found: int = client.outside(lambda: db.session.scalar(statement))
    return found


def in_force(client: Client, number: str) -> Any:
    return client.outside(lambda: plan_in_force(the_case(number).id))


def test_a_plan_is_made_with_the_day_of_its_review_proposed(ana: Client, here: str, number: str) -> None:
    assert "There is no plan yet" in words(ana.get(here))
    form = ana.get(f"{here}/change")
    assert "20 school days from today" in words(form)
    assert ana.fill(form, "Save", **TYPED).status_code == 303
    assert ana.statements.count <= 11
    page = ana.get(here)
    assert ana.statements.count <= 8
    for text in ("At school on Mondays", "Bus card: Ana", "Hēmi and his nan", "Version 1"):
        assert text in words(page)
    assert in_force(ana, number).facts.is_recorded
    assert count(ana, Audit, event="plan.made") == 1
    assert "Plan made. Open: 1 goal." in words(ana.get(here.removesuffix("plan")))


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client, here: str) -> None:
    typed = {**TYPED, "agreed_with": "", "goals-0-actions-0-who": "", "review_on-day": "31", "review_on-month": "2"}
    answer = ana.fill(ana.get(f"{here}/change"), "Save", **typed)
    assert answer.status_code == 422
    for text in ("Say who does it", "with whom it is agreed", "no such day", "Bus card", "At school on Mondays"):
        assert text in words(answer)
    assert 'href="#goals-0-actions-0-who"' in answer.text
    assert count(ana, Plan) == 0


def test_there_is_room_for_more_and_nothing_is_kept_meanwhile(ana: Client, here: str, number: str) -> None:
    page = ana.fill(ana.get(f"{here}/change"), "Room for more goals and actions", **TYPED)
    assert page.status_code == 200
    assert "Bus card" in words(page)
    assert count(ana, Plan) == 0
    more = {"goals-0-actions-1-text": "Ring", "goals-0-actions-1-who": "Nan", "goals-1-text": "Sport again"}
    assert ana.fill(page, "Save", **more).status_code == 303
    goals = in_force(ana, number).facts.goals
    assert [(goal.text, len(goal.actions)) for goal in goals] == [("At school on Mondays", 2), ("Sport again", 0)]


def test_a_change_is_a_new_version_and_the_former_stays(ana: Client, here: str, plan: Callable[..., Any]) -> None:
    plan()
    done = dict.fromkeys(("goals-0-actions-0-done_on-day", "goals-0-actions-0-done_on-month"), "1")
    form = ana.get(f"{here}/change")
    assert ana.fill(form, "Save", **done, **{"goals-0-actions-0-done_on-year": "2026"}).status_code == 303
    former = words(ana.get(f"{here}/versions/1"))
    assert "It has been followed by version 2" in former
    assert "– Bus card, Ana" in former
    assert "done 1 January 2026" in former
    assert "It is in force" in words(ana.get(f"{here}/versions/2"))
    assert ana.get(f"{here}/versions/3").status_code == 404
    assert ana.fill(ana.get(f"{here}/change"), "Save").status_code == 303
    assert (count(ana, Plan), count(ana, PlanAction)) == (2, 2)
    assert (count(ana, Audit, event="plan.changed"), count(ana, Outbox, event="plan.shared")) == (1, 2)


def test_of_two_at_once_the_second_is_shown_what_changed(
    ana: Client, here: str, number: str, plan: Callable[..., Any]
) -> None:
    plan()
    mine, theirs = ana.get(f"{here}/change"), ana.get(f"{here}/change")
    ana.fill(theirs, "Save", **{"goals-0-actions-1-text": "Ring", "goals-0-actions-1-who": "Nan"})
    assert ana.fill(mine, "Save").status_code == 409, "nothing was typed, and it does not say so any more"
    assert ana.fill(mine, "Save", version="9").status_code == 409, "there is no such version"
    answer = ana.fill(mine, "Save", agreed_with="Hēmi", **{"goals-1-text": "Sport again"})
    assert answer.status_code == 409
    for text in ("Ana Tuhoro changed this meanwhile", "– Ring, Nan", "Sport again"):
        assert text in words(answer)
    assert count(ana, Plan) == 2
    assert ana.fill(answer, "Save").status_code == 303
    facts = in_force(ana, number).facts
    assert [(goal.text, len(goal.actions)) for goal in facts.goals] == [("At school on Mondays", 2), ("Sport again", 0)]
    assert facts.agreed_with == "Hēmi"


def test_a_review_says_how_it_went_and_keeps_what_was(ana: Client, here: str, plan: Callable[..., Any]) -> None:
    assert ana.get(f"{here}/review").status_code == 409
    plan()
    refused = ana.fill(ana.get(f"{here}/review"), "Save", note="Nan said so.")
    assert refused.status_code == 422
    assert "Say how it has gone" in words(refused)
    said = {"outcome": "not_sustained", "goals-0-state": "reached"}
    assert ana.fill(refused, "Save", **said).status_code == 303
    page = words(ana.get(here))
    for text in ("Reviewed: better for a while, then not", "Nan said so.", "Reached", "Version 1", "Version 2"):
        assert text in page
    assert count(ana, Audit, event="plan.reviewed") == 1


def test_what_the_whanau_is_given_holds_nothing_else(ana: Client, here: str, plan: Callable[..., Any]) -> None:
    plan()
    page = words(ana.get(f"{here}/print"))
    for text in ("Our plan for Hēmi Whānau", "Bus card (Ana)", "we look together at how it goes"):
        assert text in page
    for text in (make.SAFETY["safety_fact"], "Ngaire", "Safety", "Hēmi and his nan", make.ANSWERS["barriers"]):
        assert text not in page


def test_the_school_reads_a_shared_plan_and_learns_nothing_of_another(
    ana: Client, school: Client, here: str, number: str, plan: Callable[..., Any]
) -> None:
    portal = f"/portal/cases/{number}/plan"
    none = words(school.get(portal))
    plan(is_shared=False)
    assert count(ana, Outbox, event="plan.shared") == 0
    assert school.get(portal).text.count("govuk-body") == none.count("govuk-body")
    assert "At school on Mondays" not in words(school.get(portal))
    assert "Plan made" not in words(school.get(f"/portal/cases/{number}/"))
    assert f'href="{portal}"' in school.get(f"/portal/cases/{number}/").text
    ana.fill(ana.get(f"{here}/change"), "Save", is_kept=None)
    page = words(school.get(portal))
    assert school.statements.count <= 4
    for text in ("At school on Mondays", "Bus card: Ana", "reviewed"):
        assert text in page
    assert "Hēmi and his nan" not in page
    assert "Plan shared. Open: 1 goal." in words(school.get(f"/portal/cases/{number}/"))
    assert count(ana, Outbox, event="plan.shared") > 0
    ana.fill(ana.get(f"{here}/change"), "Save", is_kept="y", **{"goals-0-text": "Secret goal"})
    assert "At school on Mondays" not in words(school.get(portal))
    assert "Secret goal" not in words(school.get(portal))


def test_a_school_that_the_student_left_reads_none(
    client: Client, another_client: Callable[[], Client], world: make.World, plan: Callable[..., Any], number: str
) -> None:
    plan()
    client.outside(lambda: make.left(world.whanau, world.tawa))
    for who in (world.mere, world.tom, world.jin, world.kahu):
        browser = another_client().sign_in(who.person_id)
        assert browser.get(f"/portal/cases/{number}/plan").status_code == 404
    for who in (world.lupe, world.wiremu, world.david):
        browser = another_client().sign_in(who.person_id)
        for page in ("plan", "plan/versions/1", "plan/print"):
            assert browser.get(f"/workspace/cases/{number}/{page}").status_code == 404


def test_a_plan_that_is_shared_answers_a_school_that_asked(
    client: Client, world: make.World, number: str, plan: Callable[..., Any]
) -> None:
    def is_wanted() -> bool:
        return bool(make.head(world.ana, the_case(number)).update_wanted_at)

    client.outside(lambda: ask_for_update(make.head(world.tom, the_case(number)), by=world.tom))
    assert client.outside(is_wanted)
    plan()
    assert not client.outside(is_wanted)
