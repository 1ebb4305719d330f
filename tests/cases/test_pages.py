"""A service's pages of a case, as they are asked for by a browser: what they say, and what they refuse."""

import pytest
from sqlalchemy import func, select

from app.cases.models import Entry, EntryKind
from app.core.db import db
from app.core.events import Outbox
from tests import make
from tests.support.client import Client


@pytest.fixture
def world(client: Client) -> make.World:
    made: make.World = client.outside(make.world)
    return made


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    """Hēmi's case, with Ana."""
    made: str = client.outside(lambda: make.open_case(world).number)
    return made


def queued(client: Client, world: make.World) -> str:
    """Grace's case, in the queue."""
    made: str = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).number)
    return made


def told(client: Client) -> int:
    found: int = client.outside(lambda: db.session.scalar(select(func.count()).select_from(Outbox)))
    return found


def said(client: Client) -> list[str]:
    """What the timelines say of statuses and case managers, oldest first."""
    bodies = select(Entry.body).where(Entry.kind == EntryKind.STATUS).order_by(Entry.id)
    found: list[str] = client.outside(lambda: list(db.session.scalars(bodies)))
    return found


def test_an_old_assignment_page_does_not_take_a_case_from_who_was_given_it_meanwhile(
    client: Client, world: make.World
) -> None:
    path = f"/workspace/cases/{queued(client, world)}/assignment"
    client.sign_in(world.ruth.person_id)
    old = client.get(path)
    assert client.fill(old, "Give the case", case_manager=world.ana.public_id).status_code == 303
    before = told(client)
    again = client.fill(old, "Give the case", case_manager=world.david.public_id, once="another-key")
    assert again.status_code == 409
    assert "Ana Tuhoro was given this case meanwhile." in again.text
    assert told(client) == before
    on_purpose = client.fill(again, "Give the case", case_manager=world.david.public_id)
    assert on_purpose.status_code == 303
    assert said(client) == ["Open. Case manager: Ana Tuhoro", "Case manager: David Chen"]


def test_a_case_given_to_who_has_it_changes_nothing_and_says_so(client: Client, world: make.World, number: str) -> None:
    path = f"/workspace/cases/{number}/assignment"
    client.sign_in(world.ruth.person_id)
    page = client.get(path)
    assert "Ana Tuhoro has it now." in page.text
    assert world.ana.public_id not in page.text.partition("<fieldset")[2]
    before = told(client), said(client)
    client.send(path, case_manager=world.ana.public_id, has_now=world.ana.public_id)
    assert (told(client), said(client)) == before
    assert "Nothing changed, and nobody was told." in client.get(f"/workspace/cases/{number}/").text


def test_the_school_sees_on_the_timeline_who_has_the_case(client: Client, world: make.World, number: str) -> None:
    page = client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/")
    assert "Open. Case manager: Ana Tuhoro" in page.text


@pytest.mark.parametrize("who", ["mere", "jin", "lupe"])
def test_a_list_says_nothing_of_a_case_that_is_not_ones_own(
    client: Client, world: make.World, number: str, who: str
) -> None:
    """Another's number leads to the same page as a number that does not exist, whatever stands before or after it."""
    theirs: str = client.outside(lambda: make.submitted(world.sione, world.other, contact=world.jin).number)
    foreign = {"mere": theirs, "jin": number, "lupe": number}[who]
    path = "/workspace/cases/" if who == "lupe" else "/portal/cases/"
    client.sign_in(world.people[who].person_id)
    texts = [client.get(path, query_string={"after": after}).text for after in (foreign, "26-999999-9")]
    assert {"listed": "wh-list" in texts[0]} == {"listed": "wh-list" in texts[1]} == {"listed": False}
