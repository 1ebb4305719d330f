"""What a school knows of who serves it (S8)."""

import re
from html import unescape

import pytest
from sqlalchemy import select, update

from app.cases.services.rules import ASKED, GROUPS, REASONS, SIZES, GroupAsked, in_words
from app.core.db import db
from app.core.events import Audit, Outbox
from app.people.models import Catchment, Kind, Organisation, RegionalOffice, School
from tests import make
from tests.support.client import Client

HERE = "/portal/provider/"


@pytest.fixture
def places(client: Client, world: make.World) -> None:
    """Te Awa can be reached; Tawa Awa College has an in-school provision; both regions have an office."""

    def known() -> None:
        provision = Organisation(kind=Kind.SERVICE, number="S03", name="Tawa Awa in-school team", phone="04 555 0103")
        db.session.add(provision)
        db.session.flush()
        db.session.execute(
            update(School).where(School.organisation_id == world.tawa.id).values(provision_id=provision.id)
        )
        reached = {"phone": "04 555 0101", "email": "kiaora@te-awa.example"}
        db.session.execute(update(Organisation).where(Organisation.id == world.te_awa.id).values(**reached))
        db.session.add(RegionalOffice(region="WGN", name="Wellington office", phone="04 555 0188", email="w@r.example"))
        db.session.add(RegionalOffice(region="TKI", name="Taranaki office", phone="06 555 0199", email="t@r.example"))

    client.outside(known)


def shown(client: Client) -> str:
    """The words of the page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(HERE).text)).split())


def test_who_serves_the_school_and_how_to_reach_them(client: Client, world: make.World, places: None) -> None:
    page = client.sign_in(world.priya.person_id).get(HERE)
    assert client.statements.count <= 3
    for known in ("Te Awa Attendance Service", "04 555 0101", "kiaora@te-awa.example", "catchment Te Awa"):
        assert known in page.text
    for known in ("Tawa Awa in-school team", "04 555 0103", "Wellington office", "04 555 0188"):
        assert known in page.text
    for other in ("Maunga Trust", "Taranaki office", "06 555 0199"):
        assert other not in page.text
    assert 'href="/portal/provider/" aria-current="page"' in page.text


def test_another_school_sees_its_own(client: Client, world: make.World, places: None) -> None:
    page = client.sign_in(world.kahu.person_id).get(HERE).text
    assert "Maunga Trust" in page
    assert "Taranaki office" in page
    assert "Te Awa Attendance" not in page
    assert "in-school team" not in page


def test_cases_are_counted_as_far_as_one_may_see_them(client: Client, world: make.World) -> None:
    def cases() -> None:
        make.open_case(world)
        make.submitted(world.priya, world.ng, contact=world.priya)
        make.submitted(world.sione, world.other, contact=world.sione)

    client.outside(cases)
    assert "yours to see: 1 in the queue, 1 open." in shown(client.sign_in(world.mere.person_id))
    assert "yours to see: 1 open." in shown(client.sign_in(world.tom.person_id))
    assert "None of the cases that you may see" in shown(client.sign_in(world.aroha.person_id))


def test_where_nobody_serves_the_catchment_it_says_who_finds_somebody(client: Client, world: make.World) -> None:
    def nobody() -> None:
        db.session.execute(update(Catchment).where(Catchment.name == "Te Awa").values(service_id=None))
        make.submitted(world.priya, world.ng, contact=world.priya)

    client.outside(nobody)
    page = shown(client.sign_in(world.mere.person_id))
    assert "Nobody serves your catchment" in page
    assert "investigators" in page
    assert "yours to see: 1 being checked." in page
    assert "Nobody has written down yet how to reach the regional office" in page


GROUP = {"group": "year", "group_size": "15", "group_reason": "travel"}


def told(client: Client) -> list[tuple[int, int, str]]:
    rows = select(Outbox.person_id, Outbox.organisation_id, Outbox.channel).where(Outbox.event == ASKED)
    return client.outside(lambda: [tuple(row) for row in db.session.execute(rows)])


def test_support_for_a_group_reaches_those_who_lead_the_provider(client: Client, world: make.World) -> None:
    client.sign_in(world.priya.person_id)
    answer = client.fill(client.get(f"{HERE}group"), "Ask for support", **GROUP)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert client.statements.count <= 9
    assert "Te Awa Attendance Service will ring you" in shown(client)
    trace = f"by {world.priya.name}: a year level, 6 to 15 students: getting to school is hard."
    assert "Group support was asked for today" in shown(client.sign_in(world.mere.person_id))
    assert trace in shown(client)
    assert "Group support was asked" not in shown(client.sign_in(world.kahu.person_id))
    assert told(client) == [(world.ruth.person_id, world.te_awa.id, "app+email")]
    audited = select(Audit.thing, Audit.case_id).where(Audit.event == ASKED, Audit.person_id == world.priya.person_id)
    assert client.outside(lambda: [tuple(row) for row in db.session.execute(audited)]) == [("year|15|travel", None)]
    line = "Tawa Awa College, 04 555 0000: a year level, 6 to 15 students: getting to school is hard"
    assert line in unescape(client.sign_in(world.ruth.person_id).get("/notifications/").text)
    for other in (world.lupe, world.ana, world.mere):
        assert "6 to 15 students" not in client.sign_in(other.person_id).get("/notifications/").text


def test_without_a_provider_the_investigators_are_told(client: Client, world: make.World) -> None:
    nobody = update(Catchment).where(Catchment.name == "Te Awa").values(service_id=None)
    client.outside(lambda: db.session.execute(nobody) and None)
    client.sign_in(world.tom.person_id).send(f"{HERE}group", **GROUP)
    assert [person for person, _, _ in told(client)] == [world.moana.person_id]


@pytest.mark.parametrize("name", GROUP)
def test_each_choice_is_needed_and_nothing_can_be_written(client: Client, world: make.World, name: str) -> None:
    client.sign_in(world.mere.person_id)
    for value in ("", "Hēmi Whānau"):
        assert client.send(f"{HERE}group", **{**GROUP, name: value}).status_code == 422
    assert told(client) == []


def test_every_choice_fits_where_it_is_kept() -> None:
    longest = GroupAsked(1, *(max(codes, key=len) for codes in (GROUPS, SIZES, REASONS)))
    assert len(longest.__tablename__) <= Audit.thing.type.length
    assert in_words(longest.__tablename__)
