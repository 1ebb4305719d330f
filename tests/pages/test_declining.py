"""The pages on which a request is declined, and what its school reads of it (CASE-6)."""

from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases.entries import Audience
from app.cases.models import Case, Status
from app.core.db import db
from app.referrals.models import Referral
from tests import make
from tests.support.client import Client

GROUND, WHY = "Another service fits better", "Zqxwvwhy: the youth service is on it."
TYPED = {"ground": "other_service", "agreed": "yes", "why": WHY}


def the_case(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number)).one()


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/status/decline"


@pytest.fixture
def _talked(client: Client, world: make.World, number: str) -> None:
    client.outside(lambda: make.event(world.ana, the_case(number), Audience.SERVICE))


def words(page: TestResponse) -> str:
    return unescape(page.text)


def status_of(client: Client, number: str) -> Status:
    found: Status = client.outside(lambda: the_case(number).status)
    return found


def page_of(client: Client, here: str) -> TestResponse:
    """The only request's, from the status of the case."""
    assert "Decline the request" in client.get(here.removesuffix("/decline")).text
    assert client.statements.count <= 6
    leads = client.get(here)
    assert leads.status_code == 303
    page = client.get(leads.location)
    assert client.statements.count <= 6
    return page


def test_without_a_talk_there_is_no_form_but_the_way_to_record_one(
    client: Client, world: make.World, here: str, number: str
) -> None:
    page = page_of(client.sign_in(world.ana.person_id), here)
    assert "Talk with the school first, and record it" in words(page)
    assert f"/workspace/cases/{number}/meetings#record" in page.text
    assert "On which ground" not in page.text
    assert client.send(page.request.path, stands="open", with_whom="Mere", **TYPED).status_code == 422
    assert status_of(client, number) is Status.OPEN


@pytest.mark.usefixtures("_talked")
def test_it_is_asked_what_is_missing_and_the_school_is_told_why_and_whom_to_call(
    client: Client, world: make.World, here: str, number: str
) -> None:
    page = page_of(client.sign_in(world.ana.person_id), here)
    for text in ("there for this request alone", "Visit, in person, on ", "Tom Hargreaves"):
        assert text in words(page)
    refused = client.fill(page, "Decline the request", why=WHY)
    assert refused.status_code == 422
    for text in ("on which ground", "Tick it if the school agrees", WHY):
        assert text in words(refused)
    answer = client.fill(refused, "Decline the request", **TYPED)
    assert (answer.status_code, answer.location) == (303, f"/workspace/cases/{number}/")
    assert "The case is closed" in words(client.get(answer.location))
    for text in (GROUND, WHY, "Tom Hargreaves"):
        assert text in words(client.get(here.removesuffix("/decline")))
    school = client.sign_in(world.priya.person_id)
    sent = client.outside(lambda: db.session.scalars(select(Referral.public_id)).first())
    request = words(school.get(f"/portal/referrals/{sent}/submitted"))
    for text in ("The request is declined", GROUND, WHY, "04 555 0000"):
        assert text in request
    assert "declined" in words(school.get("/portal/referrals/"))
    assert WHY in words(school.get(f"/portal/cases/{number}/request"))
    case = words(school.get(f"/portal/cases/{number}/"))
    assert "Rejected (request declined)" in case
    assert WHY in case


@pytest.mark.usefixtures("_talked")
def test_what_a_lead_decides_without_the_school_is_not_for_the_school(
    client: Client, world: make.World, here: str, number: str
) -> None:
    page = page_of(client.sign_in(world.ruth.person_id), here)
    refused = client.fill(page, "Decline the request", **{**TYPED, "agreed": "no"})
    assert "although the school does not agree" in words(refused)
    decided = {**TYPED, "agreed": "no", "decided_why": "Zqxwvdecided"}
    assert client.fill(refused, "Decline the request", **decided).status_code == 303
    assert "Zqxwvdecided" in client.get(f"/workspace/cases/{number}/status").text
    for path in ("", "request"):
        assert "Zqxwvdecided" not in client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/{path}").text


@pytest.mark.usefixtures("_talked")
def test_of_two_who_decline_at_once_the_second_is_told_with_the_words_kept(
    client: Client, world: make.World, here: str
) -> None:
    page = page_of(client.sign_in(world.ruth.person_id), here)
    assert client.fill(page, "Decline the request", **TYPED).status_code == 303
    late = client.fill(page, "Decline the request", **{**TYPED, "why": "Zqxwvlate"})
    assert late.status_code == 409
    assert "Zqxwvlate" in late.text
    assert client.get(page.request.path).status_code == 403, "the case is closed"


@pytest.mark.usefixtures("_talked")
def test_of_several_requests_one_is_chosen(client: Client, world: make.World, here: str, number: str) -> None:
    def joins() -> None:
        make.enrolled(world.whanau.id, world.puna)
        make.submitted(world.jin, world.whanau, contact=world.jin)

    client.outside(joins)
    client.sign_in(world.ruth.person_id)
    chooser = client.get(here)
    assert chooser.status_code == 200
    assert "Puna Street School" in chooser.text
    other = client.outside(
        lambda: db.session.scalar(select(Referral.public_id).where(Referral.school_id == world.puna.id))
    )
    page = client.get(f"{here}/{other}")
    assert "Only this request ends" in words(page)
    answer = client.fill(page, "Decline the request", **TYPED)
    assert "The case goes on" in words(client.get(answer.location))
    assert status_of(client, number) is Status.OPEN
    assert WHY not in client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/request").text
    gone = client.sign_in(world.ruth.person_id).get(f"{here}/{other}")
    assert gone.status_code == 409
