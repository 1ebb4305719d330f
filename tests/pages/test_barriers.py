"""Barriers as whoever works a case names and changes them (CASE-15); a school learns nothing of it."""

from html import unescape

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.barriers.models import Barrier, BarrierState, FormerBarrier
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.core.events import Audit, Outbox
from tests import make
from tests.support.client import Client

CEILINGS = {"plan": 8, "form": 4, "post": 9}
TYPED = {"code": "transport", "about": "No car on Mondays.", "named_by": "whanau"}
SAID = make.ANSWERS["barriers"]


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def barrier(client: Client, world: make.World, number: str) -> str:
    def name() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return make.barrier(world.ana, case).public_id

    found: str = client.outside(name)
    return found


def words(page: TestResponse) -> str:
    return unescape(page.text)


def count(client: Client, table: type, **values: object) -> int:
    statement = select(func.count()).select_from(table).filter_by(**values)
    found: int = client.outside(lambda: db.session.scalar(statement))
    return found


def test_whoever_works_the_case_names_one_from_the_list(ana: Client, here: str) -> None:
    form = ana.get(f"{here}barriers/new")
    assert '<optgroup label="Money, home, transport">' in words(form)
    assert ana.fill(form, "Add this barrier", **TYPED, is_main="y").status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    page = ana.get(f"{here}plan")
    assert ana.statements.count <= CEILINGS["plan"]
    for text in ("Transport", "No car on Mondays.", "Named by the whānau", "Main", "Written down by Ana Tuhoro"):
        assert text in words(page)
    assert count(ana, Audit, event="barrier.named") == 1
    assert count(ana, Outbox, event="barrier.named") == 0


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client, here: str) -> None:
    typed = {"code": "other", "about": "", "state": "resolved", "since_on-day": "31", "since_on-month": "2"}
    answer = ana.fill(ana.get(f"{here}barriers/new"), "Add this barrier", **typed)
    assert answer.status_code == 422
    for text in ("few words what it is", "Say who named it", "which day it was resolved", "no such day", 'value="31"'):
        assert text in words(answer)
    assert 'value="other" selected' in answer.text
    nothing = ana.fill(ana.get(f"{here}barriers/new"), "Add this barrier", named_by="school")
    assert "Choose what gets in the way" in words(nothing)
    assert count(ana, Barrier) == 0


def test_what_the_school_said_is_taken_over_by_one_press(ana: Client, here: str, world: make.World) -> None:
    page = ana.get(f"{here}plan")
    assert f"{world.tawa.name} said in its request" in words(page)
    assert ana.fill(page, "Take it over as a barrier").status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    row = ana.outside(lambda: db.session.execute(select(Barrier.__table__)).one())
    assert (row.code, row.about, row.named_by, row.state) == ("other", SAID, "school", "open")
    again = ana.get(f"{here}plan")
    assert SAID in words(again)
    assert "Take it over" not in words(again)
    assert ana.fill(page, "Take it over as a barrier").status_code == 303
    assert count(ana, Barrier) == 1


def test_a_change_keeps_what_was_said_before(ana: Client, here: str, barrier: str) -> None:
    form = ana.get(f"{here}barriers/{barrier}")
    assert ana.statements.count <= CEILINGS["form"]
    today = clock.today()
    day = {"resolved_on-day": today.day, "resolved_on-month": today.month, "resolved_on-year": today.year}
    answer = ana.fill(form, "Save", about="The uncle drives.", state="resolved", **{k: str(v) for k, v in day.items()})
    assert answer.status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    page = words(ana.get(f"{here}plan"))
    assert "The uncle drives." in page
    assert f"Resolved {today.day} {today:%B %Y}" in page
    assert "Open; named by the whānau" in page
    assert "No car on Mondays." in page
    former = ana.outside(lambda: db.session.execute(select(FormerBarrier.__table__)).one())
    assert (former.number, former.about, former.state) == (1, "No car on Mondays.", BarrierState.OPEN)
    assert ana.fill(ana.get(f"{here}barriers/{barrier}"), "Save").status_code == 303
    assert count(ana, FormerBarrier) == 1


def test_of_two_at_once_the_second_is_shown_what_changed(ana: Client, here: str, barrier: str) -> None:
    mine, theirs = ana.get(f"{here}barriers/{barrier}"), ana.get(f"{here}barriers/{barrier}")
    ana.fill(theirs, "Save", about="No car at all.")
    answer = ana.fill(mine, "Save", state="easing", about="A car from June.")
    assert answer.status_code == 409
    for text in ("changed this meanwhile", "No car at all.", "A car from June."):
        assert text in words(answer)
    assert ana.fill(answer, "Save").status_code == 303
    row = ana.outside(lambda: db.session.execute(select(Barrier.__table__)).one())
    assert (row.about, row.state) == ("A car from June.", "easing")


def test_one_named_in_error_ends_and_is_kept(ana: Client, here: str, barrier: str) -> None:
    ending = f"{here}barriers/{barrier}/ending"
    assert ana.fill(ana.get(ending), "It was named in error").status_code == 303
    assert "Ended by Ana Tuhoro" in words(ana.get(f"{here}plan"))
    assert ana.get(f"{here}barriers/{barrier}").status_code == 409
    assert count(ana, Barrier) == 1
    assert count(ana, Audit, event="barrier.ended") == 1


def test_nobody_else_sees_it(
    client: Client, world: make.World, number: str, barrier: str, another_client: type[Client]
) -> None:
    for who in (world.mere, world.tom, world.lupe, world.wiremu, world.david):
        browser = another_client().sign_in(who.person_id)
        assert browser.get(f"/workspace/cases/{number}/plan").status_code == 404
        school = browser.get(f"/portal/cases/{number}/")
        assert "No car on Mondays." not in words(school)
