"""What a school reads of a request after it was sent: by how its case stands, and no more than it may know."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.entries import Audience
from app.cases.models import Case, Status
from app.cases.rules import status_words
from app.core import clock as core_clock
from app.core.db import db
from app.people.models import Catchment
from app.people.queries import Actor
from app.referrals.actions import take_up
from app.referrals.models import Referral
from tests import make
from tests.support.client import Client

NEXT, MAIL, GIVES = "What happens next", "by e-mail, without any names", "gives the case to a case manager"
WITHDRAW, WHY_NOT = "Withdraw this request", "The case is closed, so this request cannot be withdrawn any more"


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def first_sent(client: Client) -> str:
    public_id = client.outside(lambda: db.session.scalar(select(Referral.public_id).order_by(Referral.id).limit(1)))
    return f"/portal/referrals/{public_id}"


def read(client: Client, who: Actor, address: str) -> str:
    return unescape(client.sign_in(who.person_id).get(f"{address}/submitted").text).split("<main")[1]


def asked(client: Client, world: make.World) -> str:
    client.outside(lambda: make.submitted(world.priya, world.whanau, contact=world.tom).id)
    return first_sent(client)


@pytest.mark.parametrize("status", Status)
def test_what_comes_next_is_said_until_somebody_has_the_case_and_then_how_it_stands(
    client: Client, world: make.World, status: Status
) -> None:
    def becomes() -> None:
        if status is Status.TRIAGE:
            db.session.execute(update(Catchment).values(service_id=None))
        case = make.submitted(world.priya, world.whanau, contact=world.tom)
        if status in {Status.OPEN, Status.TRANSITION, Status.CLOSED}:
            make.assigned(case, to=world.ana, by=world.ruth)
            take_up(case.id)
        if status is Status.PAUSED:
            make.paused(case, by=world.ruth)
        elif status in {Status.TRANSITION, Status.CLOSED}:
            change_status(case, status, by=world.ruth, why="Steady.")

    client.outside(becomes)
    address, until = first_sent(client), core_clock.today() + timedelta(days=7)
    page = read(client, world.priya, address)
    is_next = status in {Status.TRIAGE, Status.QUEUE}
    assert (NEXT in page) is is_next
    assert (GIVES in page) is (status is Status.QUEUE)
    assert ("within five working days" in page) is (status is Status.QUEUE)
    assert (status_words(status, until).school_action in page) is not is_next
    assert "Open the case" in page


def test_that_it_is_on_its_way_is_said_to_the_sender_on_that_day(
    clock: Traveller, client: Client, world: make.World
) -> None:
    address = asked(client, world)
    assert MAIL in read(client, world.priya, address)
    assert MAIL not in read(client, world.mere, address)
    clock.shift(timedelta(days=1))
    assert MAIL not in read(client, world.priya, address)


def test_of_a_declined_request_a_former_school_does_not_learn_which_service_has_the_student(
    client: Client, world: make.World
) -> None:
    """CASE-10."""

    def declines() -> str:
        """The second of two."""
        make.event(world.ana, make.open_case(world), Audience.SERVICE)
        make.submitted(world.priya, world.whanau, contact=world.tom)
        make.declined(world.ana, the_case(), 1)
        return str(db.session.scalar(select(Referral.public_id).order_by(Referral.id.desc()).limit(1)))

    def moves() -> None:
        make.left(world.whanau, world.tawa)
        make.enrolled(world.whanau.id, world.bay)
        make.submitted(world.kahu, world.whanau, contact=world.kahu)
        assert the_case().service_id == world.maunga.id

    address = f"/portal/referrals/{client.outside(declines)}"
    assert f"Call {world.te_awa.name}, " in read(client, world.priya, address)
    client.outside(moves)
    page = read(client, world.priya, address)
    assert "The request is declined" in page
    assert world.maunga.name not in page
    assert "tel:" not in page
    assert "/portal/provider/" in page


def test_on_a_closed_case_withdrawing_is_not_offered_and_the_page_says_why(client: Client, world: make.World) -> None:
    """CASE-2. A school whose student has left does not learn that it closed."""

    def joins() -> str:
        make.open_case(world)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        return str(db.session.scalar(select(Referral.public_id).order_by(Referral.id.desc()).limit(1)))

    address = f"/portal/referrals/{client.outside(joins)}"
    page = read(client, world.mere, address)
    assert WITHDRAW in page
    assert WHY_NOT not in page
    asks = client.get(f"{address}/withdrawal")
    client.outside(lambda: make.closed(the_case(), by=world.ruth).id)
    page = read(client, world.mere, address)
    assert WITHDRAW not in page
    assert WHY_NOT in page
    refused = client.get(f"{address}/withdrawal")
    assert refused.status_code == 403
    assert "of a case that is not closed" in refused.text
    late = client.fill(asks, "Withdraw the request", why="We were wrong.")
    assert late.status_code == 409
    assert "The case is closed" in late.text
    assert "goes on" not in late.text
    client.outside(make.left, world.whanau, world.tawa)
    page = read(client, world.mere, address)
    assert WITHDRAW not in page
    assert WHY_NOT not in page


@pytest.mark.parametrize("has_service", [True, False])
def test_withdrawn_it_says_that_the_service_is_told_where_there_is_one(
    client: Client, world: make.World, has_service: bool
) -> None:
    if not has_service:
        client.outside(lambda: db.session.execute(update(Catchment).values(service_id=None)).close())
    address = asked(client, world)
    page = client.sign_in(world.priya.person_id).get(f"{address}/withdrawal")
    answer = client.fill(page, "Withdraw the request", why="Sent twice.")
    said = client.get(answer.location).text
    assert "Request withdrawn." in said
    assert ("The service is told." in said) is has_service
