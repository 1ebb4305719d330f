"""The schools that a service serves, as its people look for one of them (P19)."""

from collections.abc import Callable
from html import unescape

import pytest
from werkzeug.test import TestResponse

from app.cases.entries import Audience
from app.core.db import db
from app.people.models import Catchment, Organisation
from tests import make
from tests.support.client import Client

HERE = "/workspace/schools/"


def words(page: TestResponse) -> str:
    return unescape(page.text)


@pytest.fixture
def more(client: Client, world: make.World) -> int:
    """Thirty schools more in the same catchment."""

    def add() -> int:
        there = db.session.query(Catchment).filter_by(name="Te Awa").one()
        for number in range(30):
            make.school(f"95{number:02}", f"Kura {number:02}", there)
        return there.id

    found: int = client.outside(add)
    return found


def test_whom_to_ring_at_each_school(client: Client, world: make.World, number: str) -> None:
    ana = client.sign_in(world.ana.person_id)
    assert f'href="{HERE}"' in ana.get("/workspace/").text
    page = words(ana.get(HERE))
    assert ana.statements.count <= 3
    for text in (world.tawa.name, world.mere.name, world.mere.email, "04 555 0199", "none recorded", world.puna.name):
        assert text in page
    assert world.bay.name not in page
    assert world.kahu.name not in page


def test_a_school_and_the_cases_there_that_one_may_open(client: Client, world: make.World, number: str) -> None:
    for who, sees in ((world.ana, True), (world.ruth, True), (world.david, False)):
        page = words(client.sign_in(who.person_id).get(f"{HERE}9001/"))
        assert client.statements.count <= 3
        assert 'Open cases with us</dt><dd class="govuk-summary-list__value">1<' in page
        assert (number in page) is sees
        assert (world.whanau.name in page) is sees
        assert ("Others have the rest" in page) is (who is world.david)


def test_a_list_that_is_narrowed_goes_on_narrowed(client: Client, world: make.World, more: int) -> None:
    ruth = client.sign_in(world.ruth.person_id)
    first = ruth.fill(ruth.get(HERE), "Show", name="kura")
    assert "Kura 00" in words(first)
    assert world.tawa.name not in words(first)
    assert "Kura 25" not in words(first)
    (older,) = [part.partition('"')[0] for part in first.text.split('href="')[1:] if "after=" in part]
    second = ruth.get(HERE + unescape(older).removeprefix(HERE))
    assert "name=kura" in older
    assert "Kura 25" in words(second)
    assert "Kura 00" not in words(second)
    assert ruth.statements.count <= 3
    assert "No school of this name" in words(ruth.fill(ruth.get(HERE), "Show", name="nobody"))


def test_nobody_else_sees_them(another_client: Callable[[], Client], world: make.World, number: str) -> None:
    for who in (world.mere, world.moana, world.tane, world.lupe):
        browser = another_client().sign_in(who.person_id)
        assert world.mere.email not in words(browser.get(HERE))
        assert browser.get(f"{HERE}9001/").status_code == 404


def test_without_any_it_says_what_will_appear(client: Client, world: make.World) -> None:
    def nobody() -> None:
        db.session.query(Catchment).update({"service_id": None})

    client.outside(nobody)
    assert "No school yet" in words(client.sign_in(world.ruth.person_id).get(HERE))


def test_what_is_restricted_is_no_last_contact_for_a_colleague(
    client: Client, world: make.World, clock: object
) -> None:
    def met() -> str:
        case = make.open_case(world)
        make.event(world.ana, case, Audience.RESTRICTED)
        return db.session.get_one(Organisation, world.tawa.id).number

    at = f"{HERE}{client.outside(met)}/"
    said = 'Last contact with us</dt><dd class="govuk-summary-list__value">Tue 3 March<'
    assert said in words(client.sign_in(world.ruth.person_id).get(at))
    assert said not in words(client.sign_in(world.david.person_id).get(at))
