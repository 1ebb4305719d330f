"""What an agency was told, as whoever works a case writes it down; and the basis of what a school may read (PRIV-2)."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import func, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.disclosures.models import Disclosure, EntryBasis
from app.cases.entries import Audience
from app.cases.models import Case
from app.core.db import db
from tests import make
from tests.support.client import Client

SECRET = "The days at her nan’s."


@pytest.fixture(autouse=True)
def _on_a_tuesday(clock: Traveller) -> None:
    """3 March 2026, in the morning."""


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def case_of(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number)).one()


@pytest.fixture
def agency(client: Client, world: make.World, number: str) -> str:
    found: str = client.outside(lambda: make.agency(world.ana, case_of(number), may_be_told=True).public_id)
    return found


def words(page: TestResponse) -> str:
    return unescape(page.text)


def count(client: Client, table: type) -> int:
    found: int = client.outside(lambda: db.session.scalar(select(func.count()).select_from(table)))
    return found


def test_what_an_agency_was_told_stands_with_it(ana: Client, here: str, agency: str) -> None:
    page = ana.get(f"{here}agencies/")
    assert f'href="{here}agencies/{agency}/told"' in page.text
    form = ana.get(f"{here}agencies/{agency}/told")
    assert "May be told of this case: no" not in words(form)
    assert ana.fill(form, "Write it down", told=SECRET).status_code == 303
    assert ana.statements.count <= 9
    shown = words(ana.get(f"{here}agencies/"))
    assert ana.statements.count <= 6
    for text in (SECRET, "Oranga Tamariki, Tawa team", "section 66C", "Tue 3 March"):
        assert text in shown


def test_who_may_not_be_told_is_said_before_and_asked_why(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    at = ana.outside(lambda: make.agency(world.ana, case_of(number), may_be_told=False).public_id)
    form = ana.get(f"{here}agencies/{at}/told")
    assert "May be told of this case: no" in words(form)
    refused = ana.fill(form, "Write it down", told=SECRET)
    assert refused.status_code == 422
    assert "Say why they were told all the same" in words(refused)
    assert SECRET in words(refused)
    assert ana.fill(refused, "Write it down", why="She was in danger.").status_code == 303
    assert "She was in danger." in words(ana.get(f"{here}agencies/"))


def test_another_basis_than_usual_says_why(ana: Client, here: str, agency: str) -> None:
    form = ana.get(f"{here}agencies/{agency}/told")
    refused = ana.fill(form, "Write it down", told=SECRET, basis="threat")
    assert refused.status_code == 422
    assert "Say why it is another basis than usual" in words(refused)
    assert count(ana, Disclosure) == 0


def test_what_was_entered_by_mistake_stays_with_a_mark(ana: Client, here: str, agency: str) -> None:
    ana.fill(ana.get(f"{here}agencies/{agency}/told"), "Write it down", told=SECRET)
    page = ana.get(f"{here}agencies/")
    (link,) = [part.partition('"')[0] for part in page.text.split('href="')[1:] if "/disclosures/" in part]
    assert ana.fill(ana.get(link), "Entered by mistake").status_code == 303
    shown = ana.get(f"{here}agencies/")
    assert "Entered by mistake" in words(shown)
    assert SECRET in words(shown)
    assert "/disclosures/" not in shown.text


def test_the_basis_of_a_shared_note_is_the_usual_one_until_somebody_says_otherwise(
    ana: Client, world: make.World, number: str, here: str
) -> None:
    entry = ana.outside(lambda: make.note(world.ana, case_of(number)).public_id)
    details = ana.get(f"{here}entries/{entry}/audience")
    assert f'href="{here}entries/{entry}/basis"' in details.text
    page = ana.get(f"{here}entries/{entry}/basis")
    assert "It is the usual one" in words(page)
    refused = ana.fill(page, "Change the basis", basis="agreed")
    assert refused.status_code == 422
    assert ana.fill(refused, "Change the basis", why="Nan asked for it.").status_code == 303
    assert ana.statements.count <= 9
    assert "Nan asked for it." in words(ana.get(f"{here}entries/{entry}/basis"))
    assert count(ana, EntryBasis) == 1


def test_what_is_not_shared_rests_on_no_basis(ana: Client, world: make.World, number: str, here: str) -> None:
    entry = ana.outside(lambda: make.note(world.ana, case_of(number), Audience.SERVICE).public_id)
    assert ana.get(f"{here}entries/{entry}/basis").status_code == 403
    assert "/basis" not in ana.get(f"{here}entries/{entry}/audience").text


def test_nobody_else_learns_of_it(
    another_client: Callable[[], Client], ana: Client, world: make.World, here: str, agency: str
) -> None:
    ana.fill(ana.get(f"{here}agencies/{agency}/told"), "Write it down", told=SECRET)
    for who in (world.mere, world.tom, world.lupe, world.david, world.moana):
        browser = another_client().sign_in(who.person_id)
        assert browser.get(f"{here}agencies/").status_code == 404
        assert browser.get(f"{here}agencies/{agency}/told").status_code == 404
        assert SECRET not in words(browser.get(here.replace("workspace", "portal")))
