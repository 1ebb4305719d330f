"""The pages on which a case is asked for elsewhere, offered, accepted or refused (CASE-18)."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.cases.models import Case, CaseKind
from app.cases.transfers.actions import ask_for_transfer
from app.cases.transfers.models import Transfer, TransferState
from app.core.db import db
from app.people.models import Role
from tests import make
from tests.support.chance import without_tokens
from tests.support.client import Client

ASKED = {"service": "S02", "why": "The whānau moved to the coast."}
SECRETS = ("Hēmi", "Whānau", make.SAFETY["safety_fact"], make.ANSWERS["reason"], make.ANSWERS["caregiver_name"], "Tom")


@pytest.fixture
def world(client: Client) -> make.World:
    return client.outside(make.world)


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    number: str = client.outside(lambda: make.open_case(world).number)
    return number


@pytest.fixture
def offered(client: Client, world: make.World) -> str:
    """The public id of a transfer of Hēmi’s case that Maunga is to answer."""

    def make_it() -> str:
        case = make.open_case(world)
        make.left(world.whanau, world.tawa)
        make.enrolled(world.whanau.id, world.bay)
        asked = ask_for_transfer(make.head(world.ana, case), world.maunga.id, ASKED["why"], by=world.ana)
        return asked.public_id

    found: str = client.outside(make_it)
    return found


def transfer(client: Client) -> dict[str, Any]:
    def read() -> dict[str, Any]:
        row = db.session.execute(
            select(Transfer.public_id, Transfer.state, Transfer.to_id, Case.service_id, Case.number)
            .join(Case, Case.id == Transfer.case_id)
            .order_by(Transfer.id.desc())
        ).first()
        return dict(row._mapping) if row else {}

    found: dict[str, Any] = client.outside(read)
    return found


def test_it_is_asked_for_from_the_case_and_stands_there(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ana.person_id)
    here = f"/workspace/cases/{number}/transfer"
    assert here in client.get(f"/workspace/cases/{number}/").text
    assert here in client.get(f"/workspace/cases/{number}/status").text
    form = client.get(here).text
    assert client.statements.count <= 6
    assert "Maunga Trust" in form
    refused = client.send(here, service="", why="")
    assert refused.status_code == 422
    assert "Choose a service" in refused.text
    assert client.send(here, **{**ASKED, "service": "S01"}).status_code == 422, "where it is"
    sent = client.send(here, **ASKED)
    assert (sent.status_code, sent.location) == (303, here)
    page = client.get(here).text
    assert ASKED["why"] in page
    assert "investigators offer it" in page
    case = client.get(f"/workspace/cases/{number}/").text
    assert client.statements.count <= 6
    assert "<b>Transfer</b>" in case
    again = client.send(here, **ASKED)
    assert again.status_code == 409
    assert "asked for already" in again.text


def test_it_is_withdrawn_where_it_was_asked_for(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ruth.person_id)
    here = f"/workspace/cases/{number}/transfer"
    client.send(here, **ASKED)
    assert client.send(f"{here}/withdrawal").status_code == 303
    assert transfer(client)["state"] is TransferState.WITHDRAWN
    page = client.get(here).text
    assert "Withdrawn" in page
    assert "Ask for a transfer" in page


def test_the_service_of_the_students_school_is_chosen_beforehand_and_asked_at_once(
    client: Client, world: make.World, number: str
) -> None:
    client.outside(lambda: make.left(world.whanau, world.tawa))
    client.outside(lambda: make.enrolled(world.whanau.id, world.bay))
    client.sign_in(world.ana.person_id)
    here = f"/workspace/cases/{number}/transfer"
    form = client.get(here).text
    assert '<option value="S02" selected>' in form
    assert "offers the case to it at once" in form
    client.send(here, **ASKED)
    assert transfer(client)["state"] is TransferState.OFFERED
    assert "offered to Maunga Trust" in client.get(f"/workspace/cases/{number}/").text


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in without_tokens(text)]


def test_an_investigator_offers_what_waits(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ana.person_id)
    client.send(f"/workspace/cases/{number}/transfer", **{**ASKED, "service": "unknown"})
    client.sign_in(world.moana.person_id)
    page = f"/ministry/transfers/{transfer(client)['public_id']}"
    listed = client.get("/ministry/transfers/").text
    assert client.statements.count <= 3
    assert number in listed
    assert page in listed
    assert "To be offered" in listed
    decides = client.get(page).text
    assert ASKED["why"] in decides
    assert secrets_in(" ".join(SECRETS)) == list(SECRETS)
    assert not secrets_in(decides.replace("whānau", ""))
    assert client.send(page, service="").status_code == 422
    assert client.send(page, service="S02").status_code == 303
    assert (transfer(client)["state"], transfer(client)["to_id"]) == (TransferState.OFFERED, world.maunga.id)
    client.send(page, service="S02")
    assert "offered to Maunga Trust already" in client.get("/ministry/transfers/").text


def test_the_lead_there_sees_what_decides_and_nothing_else(client: Client, world: make.World, offered: str) -> None:
    client.sign_in(world.lupe.person_id)
    home = client.get("/workspace/").text
    assert client.statements.count <= 4
    assert "One transfer waits" in home
    listed = client.get("/workspace/transfers/").text
    assert client.statements.count <= 3
    assert f"/workspace/transfers/{offered}" in listed
    page = client.get(f"/workspace/transfers/{offered}").text
    number = transfer(client)["number"]
    assert all(words in page for words in (number, ASKED["why"], "Tawa Awa College", "Year 10", "Open"))
    for text in (home, listed, page):
        assert not secrets_in(text.replace(ASKED["why"], ""))
    assert client.get(f"/workspace/cases/{number}/").status_code == 404


def test_accepted_the_case_is_theirs_and_the_other_side_reads_so(
    client: Client, world: make.World, offered: str
) -> None:
    client.sign_in(world.lupe.person_id)
    sent = client.send(f"/workspace/transfers/{offered}/acceptance")
    number = transfer(client)["number"]
    assert (sent.status_code, sent.location) == (303, f"/workspace/cases/{number}/assignment")
    assert client.get(sent.location).status_code == 200
    assert "nothing to decide any more" in client.get(f"/workspace/transfers/{offered}").text
    assert client.send(f"/workspace/transfers/{offered}/acceptance").status_code == 403
    client.sign_in(world.ruth.person_id)
    assert "Accepted" in client.get("/workspace/transfers/").text
    assert client.get(f"/workspace/cases/{number}/").status_code == 404


def test_accepted_on_hold_it_stays_so_and_can_be_given(client: Client, world: make.World, offered: str) -> None:
    client.outside(lambda: make.paused(db.session.scalars(select(Case)).one(), by=world.ana).id)
    client.sign_in(world.lupe.person_id)
    sent = client.send(f"/workspace/transfers/{offered}/acceptance")
    page = client.get(sent.location)
    assert (page.status_code, "Accepted: the case is on hold until" in page.text) == (200, True)
    assert "Paused" in page.text


def test_refused_with_why_it_stays(client: Client, world: make.World, offered: str) -> None:
    client.sign_in(world.lupe.person_id)
    path = f"/workspace/transfers/{offered}/refusal"
    assert client.send(path, why="").status_code == 422
    assert client.send(path, why="Too far for us.").status_code == 303
    assert "No case is offered" in client.get("/workspace/transfers/").text
    client.sign_in(world.ruth.person_id)
    assert "Too far for us." in client.get("/workspace/transfers/").text
    number = transfer(client)["number"]
    assert "Look at the transfer" in client.get("/workspace/").text
    assert "Too far for us." in client.get(f"/workspace/cases/{number}/transfer").text
    client.sign_in(world.tom.person_id)
    assert "Too far for us." not in client.get(f"/portal/cases/{number}/").text


def test_other_services_and_schools_see_none_of_it(client: Client, world: make.World, offered: str) -> None:
    other = client.outside(lambda: a_third_service(world))
    client.sign_in(other)
    assert offered not in client.get("/workspace/transfers/").text
    assert client.get(f"/workspace/transfers/{offered}").status_code == 404
    assert client.send(f"/workspace/transfers/{offered}/acceptance").status_code == 404
    client.sign_in(world.ruth.person_id)
    assert client.get(f"/workspace/transfers/{offered}").status_code == 404, "who has it sees it on the case"


def a_third_service(world: make.World) -> int:
    service = make._organisation("S03", "Tarawera Trust")
    return make.person("Hoani Reid", Role.WORKFLOW_LEAD, service).person_id


def test_an_investigator_asks_for_a_notices_transfer_by_its_number(
    client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.moana.person_id)
    here = f"/ministry/cases/{number}/transfer"
    assert client.get(here).status_code == 404, "it is no notice’s"
    client.outside(lambda: db.session.execute(update(Case).values(kind=CaseKind.NEN)))
    assert "Number of a case" in client.get("/ministry/transfers/").text
    assert client.get(f"/ministry/transfers/ask?number=+{number}").location == here
    assert client.get("/ministry/transfers/ask").location == "/ministry/transfers/"
    assert "Te Awa" in client.get(here).text
    refused = client.send(here, service="S01", why="")
    assert refused.status_code == 422
    assert "Say why" in refused.text
    sent = client.send(here, **ASKED)
    assert sent.location == f"/ministry/transfers/{transfer(client)['public_id']}"
    assert '<option value="S02" selected>' in client.get(sent.location).text
    assert client.send(here, **ASKED).status_code == 409
