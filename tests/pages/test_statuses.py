"""The pages on which a service changes a case's status: what they ask, keep, say and refuse."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.attendance.actions import state_absences
from app.cases.entries import Audience
from app.cases.models import Case, Status, StatusChange
from app.core import clock as core_clock
from app.core.db import db
from app.people.models import Organisation
from tests import make
from tests.support.client import Client

CEILINGS = {"page": 6, "post": 14}
"""Whoever changes a status holds the case, writes the change with what it rests on, the case, the counts of its service, the
timeline, and who did it, and tells who follows it: each is a table of its own."""
NO_CONTACT = "Why has nobody spoken with the school"


@pytest.fixture
def world(client: Client) -> make.World:
    return client.outside(make.world)


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    number: str = client.outside(lambda: make.open_case(world).number)
    return number


def stepping(**more: str) -> dict[str, str]:
    end = core_clock.today() + timedelta(days=30)
    day = {f"expected_end_on-{box}": str(getattr(end, box)) for box in ("day", "month", "year")}
    return {"stands": "open", "why": "Attends again.", "no_contact_why": "School is closed.", **day, **more}


def status_of(client: Client, number: str) -> Status:
    found: Status = client.outside(lambda: db.session.scalars(select(Case.status).where(Case.number == number)).one())
    return found


def changes(client: Client) -> int:
    return int(client.outside(lambda: db.session.scalar(select(func.count()).select_from(StatusChange)) or 0))


def test_the_case_leads_to_what_it_can_become_and_each_leads_to_its_page(
    client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.ana.person_id)
    assert f"/workspace/cases/{number}/status" in client.get(f"/workspace/cases/{number}/").text
    page = client.get(f"/workspace/cases/{number}/status").text
    assert client.statements.count <= CEILINGS["page"]
    assert "Step back: transition" in page
    assert "Put on hold" not in page
    assert NO_CONTACT in client.get(f"/workspace/cases/{number}/status/transition").text
    assert client.statements.count <= CEILINGS["page"]
    reasons = client.get(f"/workspace/cases/{number}/status/closing").text
    assert "Attending regularly" in reasons
    assert "Deceased" not in reasons


def test_stepping_back_says_what_is_missing_keeps_what_was_typed_and_happens_once(
    client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.ana.person_id)
    path, before = f"/workspace/cases/{number}/status/transition", changes(client)
    refused = client.send(path, **stepping(no_contact_why=""))
    assert refused.status_code == 422
    assert "Say why nobody spoke with the school" in refused.text
    assert "Attends again." in refused.text
    sent = client.send(path, **stepping())
    assert client.statements.count <= CEILINGS["post"], "\n".join(client.statements.texts)
    assert (sent.status_code, sent.location) == (303, f"/workspace/cases/{number}/")
    assert "end expected" in client.get(sent.location).text
    again = client.send(path, **stepping())
    assert again.status_code == 409
    assert changes(client) == before + 1


def test_the_school_reads_the_status_and_not_why(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ana.person_id)
    client.send(f"/workspace/cases/{number}/status/transition", **stepping(why="Zqxwvwhy"))
    assert "Zqxwvwhy" in client.get(f"/workspace/cases/{number}/status").text
    client.sign_in(world.tom.person_id)
    page = client.get(f"/portal/cases/{number}/").text
    assert "Transition" in page
    assert "Zqxwvwhy" not in page


def test_closing_as_a_duplicate_names_a_case_that_can_be_opened(client: Client, world: make.World, number: str) -> None:
    other: str = client.outside(
        lambda: make.submitted(world.jin, make.student("Ara", world.puna), contact=world.jin).number
    )
    client.sign_in(world.ruth.person_id)
    path, known = f"/workspace/cases/{number}/status/closing/duplicate", {"stands": "open", "why": "Twice."}
    known["no_contact_why"] = "Nothing to say."
    for wrong in (number, "26-000000-0", ""):
        assert client.send(path, **known, other_number=wrong).status_code == 422
    assert client.send(path, **known, other_number=other).status_code == 303
    assert status_of(client, number) is Status.CLOSED
    assert f"Duplicate case: {other}" in client.get(f"/workspace/cases/{number}/").text


def test_an_expected_end_that_has_passed_stands_in_the_header(client: Client, world: make.World, number: str) -> None:
    def past() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        case.expected_end_on = core_clock.today() - timedelta(days=1)

    client.sign_in(world.ana.person_id)
    client.send(f"/workspace/cases/{number}/status/transition", **stepping())
    assert "Expected end passed" not in client.get(f"/workspace/cases/{number}/").text
    client.outside(past)
    assert "Expected end passed" in client.get(f"/workspace/cases/{number}/files").text
    assert (
        f'href="/workspace/cases/{number}/status">Close, extend' in client.get(f"/workspace/cases/{number}/files").text
    )
    client.outside(lambda: setattr(db.session.get_one(Organisation, world.te_awa.id), "case_managers_see_cases", True))
    page = client.sign_in(world.david.person_id).get(f"/workspace/cases/{number}/files")
    assert "Expected end passed" in page.text
    assert f"/workspace/cases/{number}/status" not in page.text, "who may not open a page is not led to it"


def test_a_closed_case_without_a_manager_is_given_to_somebody_next(client: Client, world: make.World) -> None:
    number: str = client.outside(lambda: make.submitted(world.priya, world.whanau, contact=world.tom).number)
    client.sign_in(world.ruth.person_id)
    here = f"/workspace/cases/{number}"
    closing = {"stands": "queue", "why": "Why", "no_contact_why": "Why", "wrong": "All of it."}
    assert client.send(f"{here}/status/closing/made_in_error", **closing).status_code == 303
    opened = client.send(f"{here}/status/open", stands="closed", why="It was right.")
    assert opened.location == f"{here}/assignment"
    assert "waits in the queue: nobody has it" in client.get(opened.location).text
    assert number in client.get("/workspace/queue/").text, "where it is found though it is not given to anybody now"


def test_what_is_recorded_is_filled_in(client: Client, world: make.World, number: str) -> None:
    """CASE-5: only what is missing is asked."""

    def record() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        state_absences(make.head(world.ana, case), make.absences(core_clock.today()), by=world.ana)
        make.event(
            world.ana,
            case,
            Audience.SERVICE,
            is_done=False,
            with_school=False,
            with_caregiver=True,
            kind="call",
            mode="phone",
        )

    client.sign_in(world.ruth.person_id)
    here = f"/workspace/cases/{number}/status/closing"
    assert "is filled in" not in client.get(f"{here}/attending_regularly").text
    client.outside(record)
    page = client.get(f"{here}/attending_regularly").text
    assert client.statements.count <= CEILINGS["page"]
    assert "absent of" in page
    assert "is filled in" in page
    assert 'value="Tom Hargreaves"' in client.get(f"{here}/engaged_school_support").text
    assert "Call, by phone, " in client.get(f"{here}/whanau_declined").text
    assert client.statements.count <= CEILINGS["page"]
    empty = client.send(f"{here}/attending_regularly", stands="open", why="Well.", attendance="")
    assert empty.status_code == 422
    assert "absent of" not in empty.text.split("<form", 1)[1], "what was taken out stays out"
