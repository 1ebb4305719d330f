"""The page on which a pause is asked for, approved or refused, and what leads to it (CASE-7)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.calendars.working_days import due_date
from app.cases.models import Case, Status
from app.cases.pauses.models import Pause
from app.core import clock as core_clock
from app.core.db import db
from app.people.models import Organisation, Role
from tests import make
from tests.support.client import Client

CEILINGS = {"page": 6, "ask": 9, "approve": 15}
"""An approval is a change of status, which writes and tells in as many tables, and writes besides who approved what."""
WHY = "Zqxwvwhy, in hospital."


@pytest.fixture
def world(client: Client) -> make.World:
    world: make.World = client.outside(make.world)
    client.outside(make.pauses_allowed, world.te_awa)
    return world


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    number: str = client.outside(lambda: make.open_case(world).number)
    return number


def wanted(days: int = 7, **more: str) -> dict[str, str]:
    day = core_clock.today() + timedelta(days=days)
    return {"why": WHY, **{f"review_on-{box}": str(getattr(day, box)) for box in ("day", "month", "year")}, **more}


def asked(client: Client) -> str:
    found: str = client.outside(
        lambda: db.session.scalars(select(Pause.public_id).order_by(Pause.id.desc()).limit(1)).one()
    )
    return found


def status_of(client: Client, number: str) -> Status:
    found: Status = client.outside(lambda: db.session.scalars(select(Case.status).where(Case.number == number)).one())
    return found


def test_it_is_asked_for_approved_and_stands_there(client: Client, world: make.World, number: str) -> None:
    here = f"/workspace/cases/{number}/pause"
    client.sign_in(world.ana.person_id)
    assert here in client.get(f"/workspace/cases/{number}/status").text
    page = client.get(here).text
    assert client.statements.count <= CEILINGS["page"]
    assert "20 working days" in page
    refused = client.send(here, **{**wanted(), "why": ""})
    assert refused.status_code == 422
    assert "Say why, in a sentence" in refused.text
    sent = client.send(here, **wanted())
    assert client.statements.count <= CEILINGS["ask"], "\n".join(client.statements.texts)
    assert (sent.status_code, sent.location) == (303, here)
    page = client.get(here).text
    assert WHY in page
    assert "Approve: put it on hold" not in page
    assert client.send(here, **wanted()).status_code == 409
    client.sign_in(world.ruth.person_id)
    assert f'href="{here}">Approve or refuse a pause' in client.get("/workspace/").text
    assert client.statements.count <= 4
    assert "Approve: put it on hold" in client.get(here).text
    done = client.send(f"{here}/{asked(client)}/approval")
    assert client.statements.count <= CEILINGS["approve"], "\n".join(client.statements.texts)
    assert done.location == f"/workspace/cases/{number}/"
    assert status_of(client, number) is Status.PAUSED
    assert "Approve or refuse" not in client.get("/workspace/").text
    past = client.get(f"/workspace/cases/{number}/status").text
    assert "Asked for by: <bdi>Ana Tuhoro" in past
    assert WHY in past
    assert client.send(f"{here}/{asked(client)}/refusal", why="No.").status_code == 409


def test_a_day_that_cannot_be_is_said_beside_it(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ana.person_id)
    here, today = f"/workspace/cases/{number}/pause", core_clock.today()
    most = (due_date(today, 20, "WGN") - today).days
    for days, words in ((0, "a day after today"), (most + 1, "working days are the most")):
        refused = client.send(here, **wanted(days))
        assert refused.status_code == 422
        assert words in refused.text
        assert WHY in refused.text
    assert client.send(here, **{**wanted(), "review_on-day": ""}).status_code == 422
    assert client.send(here, **wanted(most)).status_code == 303


def test_a_refusal_says_why_and_what_is_taken_back_waits_no_more(
    client: Client, world: make.World, number: str
) -> None:
    here = f"/workspace/cases/{number}/pause"
    client.sign_in(world.ana.person_id)
    client.send(here, **wanted())
    client.sign_in(world.ruth.person_id)
    assert client.send(f"{here}/{asked(client)}/refusal", why="").status_code == 422
    client.send(f"{here}/{asked(client)}/refusal", why="The school needs you now.")
    client.sign_in(world.ana.person_id)
    page = client.get(here).text
    assert "The school needs you now." in page
    assert "Ask for a pause" in page
    client.send(here, **wanted())
    assert client.send(f"{here}/{asked(client)}/withdrawal").location == here
    assert "Ask for a pause" in client.get(here).text


def test_the_only_lead_is_told_that_it_is_kept_and_one_of_two_waits_for_the_other(
    client: Client, world: make.World, number: str
) -> None:
    here = f"/workspace/cases/{number}/pause"
    client.sign_in(world.ruth.person_id)
    client.send(here, **wanted())
    assert "no other workflow lead" in client.get(here).text
    assert "Approve or refuse a pause" in client.get("/workspace/").text
    nina = client.outside(
        lambda: make.person("Nina Bell", Role.WORKFLOW_LEAD, db.session.get_one(Organisation, world.te_awa.id))
    )
    assert "A workflow lead who did not ask" in client.get(here).text
    assert "Approve or refuse a pause" not in client.get("/workspace/").text
    refused = client.send(f"{here}/{asked(client)}/approval")
    assert refused.status_code == 403
    assert "not the one who asked for it" in refused.text
    client.sign_in(nina.person_id)
    assert client.send(f"{here}/{asked(client)}/approval").status_code == 303


def test_where_the_service_does_not_have_it_nothing_leads_there(client: Client, world: make.World) -> None:
    elsewhere: str = client.outside(
        lambda: make.submitted(world.kahu, make.student("Ara", world.bay), contact=world.kahu).number
    )
    client.sign_in(world.lupe.person_id)
    here = f"/workspace/cases/{elsewhere}"
    assert "pause" not in client.get(f"{here}/status").text
    refused = client.get(f"{here}/pause")
    assert refused.status_code == 403
    assert "settings of the service" in refused.text


def test_a_lead_turns_it_on_and_off(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ruth.person_id)
    assert 'name="has_other_pauses"' in client.get("/workspace/settings/").text
    client.send("/workspace/settings/")
    assert client.get(f"/workspace/cases/{number}/pause").status_code == 403
    client.send("/workspace/settings/", has_other_pauses="y")
    assert client.get(f"/workspace/cases/{number}/pause").status_code == 200


def test_the_school_reads_until_when_and_not_why(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ana.person_id)
    client.send(f"/workspace/cases/{number}/pause", **wanted())
    client.sign_in(world.tom.person_id)
    before = client.get(f"/portal/cases/{number}/").text
    assert "On hold" not in before
    client.sign_in(world.ruth.person_id)
    client.send(f"/workspace/cases/{number}/pause/{asked(client)}/approval")
    client.sign_in(world.tom.person_id)
    page = client.get(f"/portal/cases/{number}/").text
    assert (
        f"On hold until {core_clock.today() + timedelta(days=7):%-d %B %Y}. Tell the service if anything changes."
        in page
    )
    assert "Zqxwvwhy" not in before + page


def test_the_review_stands_in_my_work_of_lead_and_manager_from_its_day_on(
    client: Client, world: make.World, number: str
) -> None:
    def come(days: int) -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        case.status, case.pause_reason = Status.PAUSED, "other"
        case.pause_until = core_clock.today() + timedelta(days=days)

    for days, is_there in ((1, False), (0, True), (-1, True)):
        client.outside(come, days)
        for who in (world.ruth, world.ana):
            client.sign_in(who.person_id)
            assert ("Look at the pause" in client.get("/workspace/").text) is is_there, (days, who.name)
        client.sign_in(world.lupe.person_id)
        assert "Look at the pause" not in client.get("/workspace/").text
