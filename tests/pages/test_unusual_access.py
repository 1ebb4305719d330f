"""What of the access log is unusual, for the lead of a service or a school, about their own people (V1, PRIV-1)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import insert, select

from app.cases.access.queries import PAGE
from app.cases.access.rules import LONGEST_DAYS, days_between
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.core.seen import ViewLog
from app.people.queries import Actor
from tests import make
from tests.cases.many import many
from tests.support.client import Client

HERE = "/workspace/access/"
NOON = datetime(2026, 3, 2, 23, 5, tzinfo=UTC)
"""Five past twelve on Tuesday 3 March in Wellington."""
DAYS = {"from_on-day": "2", "from_on-month": "3", "from_on-year": "2026"}
DAYS |= {"to_on-day": "8", "to_on-month": "3", "to_on-year": "2026"}


@pytest.fixture
def cases(client: Client, world: make.World) -> list[int]:
    """Forty of Te Awa, with Ana."""

    def made() -> list[int]:
        many(world, 40, here=1, each=1)
        of_service = select(Case.id).where(Case.service_id == world.te_awa.id)
        return list(db.session.scalars(of_service.order_by(Case.id)))

    found: list[int] = client.outside(made)
    return found


def opened(client: Client, who: Actor, cases: list[int], at: datetime, page: str = "case") -> None:
    """Each once, a second after the other."""
    by = {"person_id": who.person_id, "role": str(who.role), "organisation_id": who.organisation_id, "page": page}
    seconds: Iterator[int] = count()
    rows = [{**by, "case_id": case, "at": at + timedelta(seconds=next(seconds))} for case in cases]
    client.outside(lambda: (db.session.execute(insert(ViewLog), rows), len(rows))[1])


def shown(client: Client, who: Actor, path: str = HERE) -> str:
    page = client.sign_in(who.person_id).get(path, query_string=DAYS)
    assert page.status_code == 200
    return page.text


def test_many_cases_in_an_hour_stand_there_and_one_less_does_not(
    client: Client, world: make.World, cases: list[int]
) -> None:
    opened(client, world.ana, cases[:29] * 2, NOON)
    assert "Many</strong>" not in shown(client, world.ruth)
    opened(client, world.ana, cases[29:30], NOON + timedelta(minutes=50))
    page = shown(client, world.ruth)
    assert client.statements.count <= 3
    assert "Many</strong>" in page
    assert "Tue 3 March, the hour from 12:00 pm" in page
    assert "Outside working hours</strong>" not in page


def test_an_hour_begins_whenever_it_does(client: Client, world: make.World, cases: list[int]) -> None:
    """Twenty-nine before the clock strikes and one after it; David's fall into two hours, and Lupe is somebody else."""
    struck = NOON + timedelta(minutes=55)
    opened(client, world.ana, cases[:29], struck - timedelta(minutes=20))
    opened(client, world.ana, cases[:5], struck + timedelta(minutes=5))
    opened(client, world.david, cases[:29], struck - timedelta(minutes=50))
    opened(client, world.david, cases[29:30], struck + timedelta(minutes=10))
    opened(client, world.lupe, cases[29:], struck + timedelta(minutes=5))
    assert "Many</strong>" not in shown(client, world.ruth), "the same five were opened again"
    assert client.statements.count <= 4
    opened(client, world.ana, cases[29:30], struck + timedelta(minutes=39, seconds=59))
    page = shown(client, world.ruth)
    assert page.count("Many</strong>") == 1
    assert 'Tue 3 March, the hour from 12:40 pm</td><td data-label="Cases">30</td>' in page
    hours = page.partition("Cases that people were not named on")[0]
    assert "David Chen" not in hours
    assert world.lupe.name not in page


def test_what_is_an_hour_and_no_less_apart_is_not_one_hour(client: Client, world: make.World, cases: list[int]) -> None:
    begun = NOON + timedelta(minutes=40)
    opened(client, world.ana, cases[:1], begun)
    opened(client, world.ana, cases[1:29], begun + timedelta(minutes=5))
    opened(client, world.ana, cases[29:30], begun + timedelta(hours=1))
    assert "Many</strong>" not in shown(client, world.ruth)


def test_a_public_holiday_is_outside_working_hours(client: Client, world: make.World, number: str) -> None:
    """Waitangi Day 2026 is a Friday; Wellington's anniversary, 19 January, a Monday."""
    case = client.outside(lambda: list(db.session.scalars(select(Case.id))))
    for day, is_outside in ((date(2026, 2, 6), True), (date(2026, 2, 5), False), (date(2026, 1, 19), True)):
        at = datetime(day.year, day.month, day.day, 10, tzinfo=clock.PACIFIC_AUCKLAND)
        opened(client, world.ana, case, at)
        boxes = {"day": str(day.day), "month": str(day.month), "year": str(day.year)}
        asked = {f"{end}-{box}": text for end in ("from_on", "to_on") for box, text in boxes.items()}
        page = client.sign_in(world.ruth.person_id).get(HERE, query_string=asked).text
        assert ("Outside working hours</strong>" in page) is is_outside, day


def test_each_case_that_is_to_be_handed_over_was_looked_at(client: Client, world: make.World, number: str) -> None:
    other = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).number)
    path = f"/workspace/caseloads/{world.ana.public_id}/handover"
    assert client.sign_in(world.david.person_id).get(path).status_code in {403, 404}
    assert client.sign_in(world.ruth.person_id).get(path).status_code == 200
    for of_case, is_there in ((number, True), (other, False)):
        log = client.get(f"/workspace/cases/{of_case}/access").text
        assert ("read it among the cases to be handed over" in log) is is_there


@pytest.mark.parametrize(
    ("at", "is_outside"),
    [
        (NOON, False),
        (NOON + timedelta(hours=7), True),
        (NOON + timedelta(hours=6), False),
        (NOON - timedelta(hours=6), True),
        (NOON - timedelta(hours=5), False),
        (NOON + timedelta(days=4), True),
    ],
)
def test_evenings_nights_and_weekends_stand_there(
    client: Client, world: make.World, number: str, at: datetime, is_outside: bool
) -> None:
    case = client.outside(lambda: list(db.session.scalars(select(Case.id))))
    opened(client, world.ana, case, at)
    assert ("Outside working hours</strong>" in shown(client, world.ruth)) is is_outside


def test_a_case_of_somebody_else_stands_there_without_a_name(client: Client, world: make.World, number: str) -> None:
    case = client.outside(lambda: list(db.session.scalars(select(Case.id))))
    at = client.outside(lambda: db.session.scalars(select(Case.made_at)).one()) + timedelta(minutes=1)
    for who in (world.ana, world.david, world.ruth, world.moana):
        opened(client, who, case, at)
    here = clock.nz(at)
    days = {"to_on-day": str(here.day), "to_on-month": str(here.month), "to_on-year": str(here.year)}
    page = client.sign_in(world.ruth.person_id).get(HERE, query_string=days).text
    assert page.count("not named on it then") == 1
    assert "David Chen" in page
    assert f"/workspace/cases/{number}/" in page
    assert "Whānau" not in page


def test_a_case_of_nobody_s_stands_there_and_whatever_was_opened_of_it(client: Client, world: make.World) -> None:
    """It waits in the queue; the lead who gives it out stands not there."""
    queued = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).id)
    for who in (world.david, world.ruth, world.tom):
        opened(client, who, [queued], NOON, "contacts")
    page = shown(client, world.ruth)
    assert page.count("opened the contacts, not named on it then") == 1
    assert "David Chen" in page


def test_what_was_printed_or_taken_away_stands_there(client: Client, world: make.World, number: str) -> None:
    case = client.outside(lambda: list(db.session.scalars(select(Case.id))))
    opened(client, world.ana, case, NOON, "plan for the whānau")
    opened(client, world.mere, case, NOON, "report: CSV file of 3 cases")
    assert "opened the plan to print it" in shown(client, world.ruth)
    page = shown(client, world.mere, "/portal/access/")
    assert "CSV file of 3 cases" in page
    assert "opened the plan to print it" not in page


def test_nobody_reads_of_the_people_of_another_organisation(
    client: Client, world: make.World, cases: list[int], number: str
) -> None:
    opened(client, world.ana, cases, NOON)
    opened(client, world.ana, cases, NOON, "plan for the whānau")
    for who, path in (("lupe", HERE), ("mere", "/portal/access/"), ("jin", "/portal/access/")):
        assert "Ana Tuhoro" not in shown(client, world.people[who], path), who


def test_it_comes_page_by_page(client: Client, world: make.World, cases: list[int]) -> None:
    opened(client, world.ana, cases[: PAGE + 2], NOON, "plan for the whānau")
    first = shown(client, world.ruth)
    assert first.count("opened the plan to print it") == PAGE
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert client.get(older).text.count("opened the plan to print it") == 2
    assert client.statements.count <= 3


def test_office_support_looks_where_the_school_has_no_lead(client: Client, world: make.World) -> None:
    assert client.sign_in(world.priya.person_id).get("/portal/access/").status_code == 403
    client.outside(lambda: make.end_roles(world.mere))
    assert client.get("/portal/access/").status_code == 200


def test_office_support_reads_the_log_of_a_case_where_the_school_has_no_lead(
    client: Client, world: make.World, number: str
) -> None:
    client.outside(lambda: make.end_roles(world.mere))
    assert client.sign_in(world.priya.person_id).get(f"/portal/cases/{number}/access").status_code == 200


def test_lead_is_led_there(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ruth.person_id)
    for path in ("/workspace/settings/", f"/workspace/cases/{number}/access"):
        assert f'href="{HERE}"' in client.get(path).text
    assert 'href="/portal/access/"' in client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/access").text


def test_days_that_are_none_are_said(client: Client, world: make.World) -> None:
    page = client.sign_in(world.ruth.person_id).get(HERE, query_string={**DAYS, "to_on-day": "31", "to_on-month": "2"})
    assert page.status_code == 422
    assert "There is no such day" in page.text


@pytest.mark.parametrize("day", ["1/1/0001", "31/12/9999"])
def test_days_and_places_in_the_list_that_cannot_be_are_no_fault(client: Client, world: make.World, day: str) -> None:
    boxes = dict(zip(("day", "month", "year"), day.split("/"), strict=True))
    ends = ("from_on", "to_on") if day.endswith("9999") else ("to_on",)
    asked = {f"{end}-{box}": number for end in ends for box, number in boxes.items()}
    page = client.sign_in(world.ruth.person_id).get(HERE, query_string={**asked, "after": "3000000000"})
    assert page.status_code == 200


def test_a_month_at_most_and_the_last_week_unless_something_is_said() -> None:
    today = date(2026, 3, 3)
    assert days_between(None, None, today).from_on == date(2026, 2, 25)
    assert days_between(date(2025, 1, 1), None, today).from_on == today - timedelta(LONGEST_DAYS - 1)
    turned = days_between(date(2026, 3, 2), date(2026, 3, 1), today)
    assert (turned.from_on, turned.to_on) == (date(2026, 3, 1), date(2026, 3, 2))
