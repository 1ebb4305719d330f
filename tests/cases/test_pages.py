"""A service's pages of a case, as they are asked for by a browser: what they say, and what they refuse."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, insert, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.assignment.actions import assign
from app.cases.comments.actions import change_audience
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case
from app.core.clock import now
from app.core.db import db
from app.core.events import Outbox
from app.core.seen import ViewLog
from app.people.actions import set_case_managers_see_cases
from app.people.queries import Actor
from tests import make
from tests.support.client import Client


@pytest.fixture
def world(peopled: make.World) -> make.World:
    return peopled


@pytest.fixture
def number(with_case: str) -> str:
    """Hēmi's case, with Ana."""
    return with_case


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


def lines(page: TestResponse) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


def test_the_access_log_names_to_whom_and_from_what_to_what(client: Client, world: make.World, number: str) -> None:
    def changed() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        entry = make.note(world.ana, case, Audience.SERVICE)
        change_audience(make.head(world.ana, case), entry, Audience.SHARED, by=world.ana)
        change_audience(make.head(world.ana, case), entry, Audience.RESTRICTED, by=world.ana)
        assign(case.id, to=world.david.person_id, by=world.ruth)

    client.outside(changed)
    said_there = lines(client.sign_in(world.ruth.person_id).get(f"/workspace/cases/{number}/access"))
    for each in (
        "gave the case to Ana Tuhoro",
        "gave the case to David Chen",
        "took the case from Ana Tuhoro",
        "changed who reads a note: from “Our service only” to “Shared with the school”",
        "changed who reads a note: from “Shared with the school” to “Restricted”",
    ):
        assert said_there.count(each) == 1, each


@pytest.mark.parametrize(("who", "at"), [("ruth", "workspace"), ("mere", "portal")])
def test_the_whole_of_a_long_access_log_is_read_page_by_page(
    client: Client, world: make.World, number: str, who: str, at: str
) -> None:
    """Two lines stand at each moment; lines of another case and of other people stand among them."""
    other = queued(client, world)

    def opened(who: Actor, number: str, times: range, mark: str) -> int:
        case_id = db.session.scalar(select(Case.id).where(Case.number == number))
        line = {"person_id": who.person_id, "role": who.role, "organisation_id": who.organisation_id}
        moments = [(now() - timedelta(hours=1 + time // 2), f"{mark}{time}qz") for time in times]
        db.session.execute(
            insert(ViewLog), [{**line, "case_id": case_id, "at": at, "page": page} for at, page in moments]
        )
        return db.session.scalars(select(func.max(ViewLog.id))).one()

    by = client.sign_in(world.people[who].person_id) and world.people[who]
    path = f"/{at}/cases/{number}/access"
    client.outside(opened, by, number, range(100), "Zqxwv")
    assert 'rel="next"' not in client.get(path).text
    last = client.outside(opened, by, other, range(100), "Zqxother")
    client.outside(opened, world.jin, number, range(100), "Zqxtheirs")
    client.outside(opened, by, number, range(100, 450), "Zqxwv")
    pages = [client.get(path).text]
    while found := re.search(r'rel="next" href="([^"]+)"', pages[-1]):
        pages.append(client.get(path + found[1]).text)
        assert client.statements.count <= 4
    assert len(pages) >= 3
    assert sorted(int(each) for page in pages for each in re.findall(r"Zqxwv(\d+)qz", page)) == [*range(450)]
    assert not any("Zqxother" in page for page in pages)
    assert any("Zqxtheirs" in page for page in pages) is (who == "ruth")
    for nowhere in (f"?before=1-{last}", "?before=1-999999999"):
        assert not re.search(r"Zqx\w+\d+qz", client.get(path + nowhere).text), "it goes on after a line of this log"
    assert "Zqxwv0qz" in client.get(f"{path}?before=7-x").text


def test_a_colleague_with_the_setting_is_told_who_reads_a_request(
    client: Client, world: make.World, number: str
) -> None:
    client.outside(lambda: set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth))
    path = f"/workspace/cases/{number}/request"
    assert path not in client.sign_in(world.david.person_id).get(f"/workspace/cases/{number}/").text
    refused = client.get(path)
    assert refused.status_code == 403
    assert "Caregivers, health and contact details are for the case manager" in refused.text
    assert path in client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/").text


def test_a_narrowed_note_is_no_longer_listed_and_its_count_can_be_cleared(
    client: Client, world: make.World, number: str
) -> None:
    def note(narrow: bool) -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        entry = make.note(world.ana, case)
        if narrow:
            change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)

    client.outside(lambda: db.session.execute(delete(Outbox)))
    client.outside(note, True)
    client.sign_in(world.tom.person_id)
    page = client.get("/notifications/")
    assert "A note was shared" not in page.text
    assert client.fill(page, "Mark everything as read").status_code == 303
    assert "Mark everything as read" not in client.get("/notifications/").text
    client.outside(note, False)
    assert "A note was shared" in client.get("/notifications/").text


def test_safety_stands_where_one_chooses_who_reads_a_note(client: Client, world: make.World, number: str) -> None:
    def note() -> str:
        return make.note(world.ana, db.session.scalars(select(Case).where(Case.number == number)).one()).public_id

    entry = client.outside(note)
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/entries/{entry}/audience")
    assert make.SAFETY["safety_fact"] in page.text


def test_queue_and_work_say_their_order(client: Client, world: make.World) -> None:
    client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom, **make.URGENT).number)
    client.sign_in(world.ruth.person_id)
    orders = {
        "/workspace/": "In order: what is overdue, due today or on the next working day",
        "/workspace/queue/": "In order: urgent first, then by the first limit (5 working days)",
    }
    for path, order in orders.items():
        assert order in client.get(path).text


def test_lists_say_in_words_what_is_urgent_and_overdue(client: Client, world: make.World, clock: Traveller) -> None:
    client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom, **make.URGENT).number)
    paths = {"ruth": ("/workspace/", "/workspace/cases/", "/workspace/queue/"), "mere": ("/portal/", "/portal/cases/")}
    for who, listed in paths.items():
        client.sign_in(world.people[who].person_id)
        texts = [client.get(path).text for path in listed]
        assert all("Urgent</strong>" in text and "Overdue" not in text for text in texts)
    clock.move_to(datetime(2026, 3, 11, 9, tzinfo=ZoneInfo("Pacific/Auckland")))
    client.sign_in(world.ruth.person_id)
    assert all("Overdue</strong>" in client.get(path).text for path in paths["ruth"])


def test_closed_cases_are_listed_where_they_are_ticked(client: Client, world: make.World) -> None:
    def closed() -> str:
        return make.closed(make.submitted(world.priya, world.ng, contact=world.tom), by=world.ruth).number

    number = client.outside(closed)
    for who, path in {"ruth": "/workspace/cases/", "mere": "/portal/cases/"}.items():
        client.sign_in(world.people[who].person_id)
        assert number not in client.get(path).text
        assert number not in client.get(f"{path}?status=open").text
        assert number in client.get(f"{path}?status=open&status=closed").text


@pytest.mark.parametrize("who", ["ana", "mere"])
def test_a_comment_that_is_too_long_is_refused_and_kept(
    client: Client, world: make.World, number: str, who: str
) -> None:
    at = "workspace" if who == "ana" else "portal"
    client.sign_in(world.people[who].person_id)
    path = f"/{at}/cases/{number}/comments"
    refused = client.send(path, body="x" * 10_001, audience="shared")
    assert refused.status_code == 422
    assert "longer than 10,000 characters" in refused.text
    assert "x" * 10_001 in refused.text
    assert client.send(path, body="x" * 10_000, audience="shared").status_code == 303


def test_what_a_service_writes_is_a_note_to_it_and_a_comment_to_the_school(
    client: Client, world: make.World, number: str
) -> None:
    def written() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.note(world.ana, case)
        make.note(world.tom, case)

    client.outside(written)
    ours = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/").text
    assert (ours.count("<b>Note</b>"), ours.count("<b>Comment</b>")) == (1, 1)
    theirs = client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/").text
    assert (theirs.count("<b>Note</b>"), theirs.count("<b>Comment</b>")) == (0, 2)
    assert f"<title>Timeline – {number}" in theirs


def test_asking_again_on_a_closed_case_begins_with_its_student(client: Client) -> None:
    world: make.World = client.outside(make.world)
    number = client.outside(lambda: make.closed(make.open_case(world), by=world.ruth).number)
    page = client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/").text
    found = re.search(r'href="([^"]+)">Ask again', page)
    assert found
    assert f'name="student" value="{world.whanau.public_id}"' in client.get(found[1]).text


def test_paper_shows_no_addresses_and_nothing_to_press() -> None:
    """The rules themselves; what they do is seen in a browser's print view."""
    paper = (Path(__file__).parent.parent.parent / "static/css/_paper.scss").read_text()
    assert ".govuk-link[href]::after { content: none !important; }" in paper
    assert ".wh-side aside li:has(> .govuk-link)" in paper


@pytest.mark.parametrize(("who", "at"), [("ana", "workspace"), ("mere", "portal")])
def test_a_part_of_a_case_page_is_logged_as_the_page_is(
    client: Client, world: make.World, number: str, who: str, at: str
) -> None:
    opened = select(func.count()).where(ViewLog.page == "case", ViewLog.person_id == world.people[who].person_id)
    client.sign_in(world.people[who].person_id)
    page = client.get(f"/{at}/cases/{number}/", headers={"HX-Request": "true"})
    assert "<!doctype" not in page.text.lower()
    assert client.outside(lambda: db.session.scalar(opened)) == 1
