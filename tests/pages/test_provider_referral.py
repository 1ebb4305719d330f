"""A service in a school is offered to refer a case to the provider, and does it with one button (CASE-11)."""

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.plans.actions import write_plan
from app.cases.plans.models import ReviewOutcome
from app.cases.plans.queries import plan_in_force
from app.cases.plans.rules import Review
from app.core.db import db
from app.core.security import random_token
from app.referrals.models import Referral
from tests import make
from tests.support.client import Client


@pytest.fixture
def world(client: Client) -> make.World:
    return client.outside(make.world)


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    number: str = client.outside(lambda: make.at_provision(world, world.whanau).number)
    return number


def requests(client: Client) -> int:
    return int(client.outside(lambda: db.session.scalar(select(func.count()).select_from(Referral)) or 0))


def review(client: Client, world: make.World, outcome: ReviewOutcome) -> None:
    def write() -> None:
        case = db.session.scalars(select(Case)).one()
        now = plan_in_force(case.id)
        told = now.facts if now else make.planned(world.wiremu, case)
        was, review = now or plan_in_force(case.id), Review(outcome, "So.")
        write_plan(make.head(world.wiremu, case), told, was=was, by=world.wiremu, review=review)

    client.outside(write)


def test_a_review_that_finds_too_little_offers_it(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.wiremu.person_id)
    here = f"/workspace/cases/{number}/provider"
    assert here in client.get(f"/workspace/cases/{number}/status").text
    assert here not in client.get(f"/workspace/cases/{number}/plan").text, "there is no review yet"
    review(client, world, ReviewOutcome.SAME)
    assert here in client.get(f"/workspace/cases/{number}/plan").text
    review(client, world, ReviewOutcome.BETTER)
    assert here not in client.get(f"/workspace/cases/{number}/plan").text


def test_one_button_sends_it_with_everything_filled_in(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.wiremu.person_id)
    here, case = f"/workspace/cases/{number}/provider", f"/workspace/cases/{number}/"
    page, key = client.get(here).text, random_token()
    for words in ("Te Awa", make.ANSWERS["reason"], make.ANSWERS["action_1"], world.tom.name, "The provider of our"):
        assert words in page
    sent = client.send(here, once=key)
    assert (sent.status_code, sent.location) == (303, case)
    assert "This case went to" in client.get(case).text
    assert client.send(here, once=key).status_code == 303, "the first answer"
    assert client.send(here).status_code == 404
    assert requests(client) == 2
    client.sign_in(world.ruth.person_id)
    asked = client.get(f"{case}request").text
    assert f"sent by {world.wiremu.name} of {world.maunga.name}, in its place" in asked
    client.sign_in(world.mere.person_id)
    assert f"of {world.maunga.name}, in your place" in client.get(f"/portal/cases/{number}/request").text


def test_at_a_provider_neither_page_nor_link_is_there(client: Client, world: make.World) -> None:
    number: str = client.outside(lambda: make.open_case(world).number)
    client.sign_in(world.ana.person_id)
    assert "provider" not in client.get(f"/workspace/cases/{number}/status").text
    assert client.get(f"/workspace/cases/{number}/provider").status_code == 404
