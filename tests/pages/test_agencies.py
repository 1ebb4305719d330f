"""Other agencies as whoever works a case names and changes them (CASE-17); a school learns nothing of it."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.agencies.models import Agency
from app.cases.models import Case
from app.core.db import db
from app.core.events import Audit
from tests import make
from tests.support.client import Client

TYPED = {
    "code": "oranga_tamariki",
    "name": "Tawa team",
    "person": "Rina Pōtae",
    "part": "social worker",
    "reach": "04 555 0100",
    "may_be_told": "no",
}
SAID = "A social worker of the hapū"


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/agencies/"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def agency(client: Client, world: make.World, number: str) -> str:
    def name() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return make.agency(world.ana, case).public_id

    found: str = client.outside(name)
    return found


def words(page: TestResponse) -> str:
    return unescape(page.text)


def count(client: Client, table: Any, **values: Any) -> int:
    statement = select(func.count()).select_from(table).filter_by(**values)
    found: int = client.outside(lambda: db.session.scalar(statement))
    return found


def test_whoever_works_the_case_names_one(ana: Client, here: str) -> None:
    assert f'href="{here}"' in ana.get(here.removesuffix("agencies/")).text
    assert ana.fill(ana.get(f"{here}new"), "Add this agency", **TYPED).status_code == 303
    assert ana.statements.count <= 9
    page = words(ana.get(here))
    assert ana.statements.count <= 6
    for text in (
        "Oranga Tamariki: Tawa team",
        "Rina Pōtae, social worker",
        "04 555 0100",
        "written down by Ana Tuhoro",
        '>May be told of this case</dt><dd class="govuk-summary-list__value">No<',
    ):
        assert text in page
    assert count(ana, Audit, event="agency.named") == 1


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client, here: str) -> None:
    typed = {**TYPED, "code": "other", "name": "", "reach": "ring me"}
    answer = ana.fill(ana.get(f"{here}new"), "Add this agency", **typed)
    assert answer.status_code == 422
    for text in ("Say which agency it is", "Write a phone number like", "ring me", "Rina Pōtae"):
        assert text in words(answer)
    assert "Choose what kind" in words(ana.fill(ana.get(f"{here}new"), "Add this agency", name="Tawa team"))
    assert count(ana, Agency) == 0


def test_what_the_school_said_is_taken_over(client: Client, world: make.World) -> None:
    def ask() -> str:
        asked = make.submitted(world.priya, world.ng, contact=world.tom, agencies=SAID)
        return make.assigned(asked, to=world.ana, by=world.ruth).number

    here = f"/workspace/cases/{client.outside(ask)}/agencies/"
    ana = client.sign_in(world.ana.person_id)
    page = ana.get(here)
    assert SAID in words(page)
    (link,) = [part.partition('"')[0] for part in page.text.split('href="')[1:] if "new?offer=" in part]
    form = ana.get(unescape(link))
    assert f'value="{SAID}"' in words(form)
    assert ana.fill(form, "Add this agency", code="social_service").status_code == 303
    row = ana.outside(lambda: db.session.execute(select(Agency.__table__)).one())
    assert (row.given_by_id, row.name) == (world.tawa.id, SAID)
    ana.fill(ana.get(f"{here}{row.public_id}"), "Save", name="Te Hapū")
    again = words(ana.get(here))
    assert "Take it over" not in again
    assert f'Named by</dt><dd class="govuk-summary-list__value">{world.tawa.name}' in again


def test_of_two_at_once_the_second_is_shown_what_changed(ana: Client, here: str, agency: str) -> None:
    mine, theirs = ana.get(f"{here}{agency}"), ana.get(f"{here}{agency}")
    ana.fill(theirs, "Save", person="Mele Tau")
    answer = ana.fill(mine, "Save", part="nurse", person="Ana Vea")
    assert answer.status_code == 409
    for text in ("changed this meanwhile", "Mele Tau", "Ana Vea"):
        assert text in words(answer)
    assert ana.fill(answer, "Save").status_code == 303
    row = ana.outside(lambda: db.session.execute(select(Agency.__table__)).one())
    assert (row.person, row.part) == ("Ana Vea", "nurse")


def test_one_that_is_not_involved_any_more_is_kept(ana: Client, here: str, agency: str) -> None:
    assert ana.fill(ana.get(f"{here}{agency}/ending"), "Not involved any more").status_code == 303
    assert "Not involved any more</h3>" in words(ana.get(here))
    assert ana.get(f"{here}{agency}").status_code == 409
    assert count(ana, Agency) == 1
    assert count(ana, Audit, event="agency.ended") == 1


def test_nobody_else_sees_it(
    another_client: Callable[[], Client], world: make.World, number: str, here: str, agency: str
) -> None:
    for who in (world.mere, world.tom, world.lupe, world.wiremu, world.david, world.moana):
        browser = another_client().sign_in(who.person_id)
        assert browser.get(here).status_code == 404
        assert browser.get(f"{here}{agency}").status_code == 404
        assert "Tawa team" not in words(browser.get(f"/portal/cases/{number}/"))
