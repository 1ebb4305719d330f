"""The calendar as a calendar's own server reads it, and the page where its address is made (P17)."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.diary.models import CalendarFeed
from app.cases.models import Case
from app.core.db import db
from app.core.web.logs import JsonLines
from tests import make
from tests.support.chance import without_tokens
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
PAGE = "/account/calendar"
MARK = "Zqxwvjk"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def made(client: Client) -> str:
    """The path of a new address, as the page shows it this once."""
    assert client.send(PAGE).location == PAGE
    shown = unescape(client.get(PAGE).text)
    return "/calendar/" + shown.split("/calendar/")[1].split(".ics")[0] + ".ics"


def rows(client: Client) -> list[CalendarFeed]:
    def read() -> list[CalendarFeed]:
        found = list(db.session.scalars(select(CalendarFeed).order_by(CalendarFeed.id)))
        db.session.expunge_all()
        return found

    found: list[CalendarFeed] = client.outside(read)
    return found


def test_an_address_is_shown_once_and_read_without_signing_in(
    client: Client, ana: Client, world: make.World, number: str
) -> None:
    """Nothing personal is in it, however much the task says."""

    def give() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.task(world.ana, case, what=f"{MARK}: ring Ngaire at 12 Kōwhai Street", meeting_kind="visit")

    client.outside(give)
    path = made(ana)
    assert ".ics" not in ana.get(PAGE).text, "shown once"
    client.sign_out()
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    text = answer.get_data(as_text=True)
    assert f"SUMMARY:Visit {number}" in text
    for private in (MARK, "Ngaire", "Hēmi", "Whānau", "Tawa", "Ana", "Te Awa"):
        assert private not in text
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in {row.token_digest for row in rows(client)}


def test_a_wrong_a_former_and_an_ended_address_say_the_same(client: Client, ana: Client, world: make.World) -> None:
    former, path = made(ana), made(ana)
    assert ana.fill(ana.get(PAGE), "End the address").status_code == 303
    ana.send(f"{PAGE}/ending")
    client.sign_out()
    answers = [client.get(each) for each in (former, path, "/calendar/nobody.ics", f"/calendar/{'x' * 300}.ics")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_that_it_was_asked_for_is_noted_once_an_hour(
    client: Client, ana: Client, world: make.World, clock: Traveller
) -> None:
    path = made(ana)
    assert "No calendar has asked for it yet" in ana.get(PAGE).text
    times = []
    for minutes in (0, 59, 1):
        clock.shift(timedelta(minutes=minutes))
        client.get(path)
        times.append(rows(client)[0].read_at or NEVER)
    assert times[0] == times[1] < times[2]


def test_no_log_holds_the_address(client: Client, ana: Client, world: make.World) -> None:
    path, lines = made(ana), io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    client.application.logger.addHandler(handler)
    try:
        client.get(path)
        client.get(path.replace(".ics", "x.ics"))
    finally:
        client.application.logger.removeHandler(handler)
    logged = lines.getvalue()
    assert [json.loads(line)["route"] for line in logged.splitlines()] == ["/calendar/<token>.ics"] * 2
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in logged


def test_it_is_linked_from_the_account_and_from_my_work_of_whoever_has_tasks(
    client: Client, ana: Client, world: make.World
) -> None:
    for page in ("/account", "/workspace/"):
        assert f'href="{PAGE}"' in ana.get(page).text
    for who in (world.mere, world.priya, world.tom):
        assert f'href="{PAGE}"' in client.sign_in(who.person_id).get("/account").text
    for other in (world.hana, world.moana):
        assert f'href="{PAGE}"' not in client.sign_in(other.person_id).get("/account").text


def test_a_schools_calendar_says_days_and_nothing_of_anybody(client: Client, world: make.World, number: str) -> None:
    def give() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.planned(world.ana, case, goal=f"{MARK}: at school on Mondays")
        other = make.assigned(make.submitted(world.priya, world.ng, contact=world.aroha), to=world.ana, by=world.ruth)
        make.planned(world.ana, other)
        make.draft(world.tom, make.student("Rangi Paki", world.tawa))
        return other.number

    not_his = client.outside(give)
    tom = client.sign_in(world.tom.person_id)
    assert "Your days in your calendar" in tom.get(PAGE).text
    path = made(tom)
    client.sign_out()
    text = client.get(path).get_data(as_text=True)
    summaries = {line.removeprefix("SUMMARY:") for line in text.splitlines() if line.startswith("SUMMARY:")}
    assert summaries == {f"Plan action {number}", f"Plan review {number}", "Draft of a request ends"}
    for private in (MARK, not_his, "Hēmi", "Whānau", "Rangi", "Paki", "Tawa", "Te Awa", "Bus card"):
        assert private not in text
    for short in ("Tom", "Ana"):
        assert short not in without_tokens(text)
