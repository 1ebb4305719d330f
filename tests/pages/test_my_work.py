"""My work as a page: each line leads to what it is about, and says why it stands there (P2)."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.core.db import db
from tests import make
from tests.support.client import Client

CEILING = 4


def words(page: TestResponse) -> str:
    return unescape(page.text)


def a_task(client: Client, world: make.World, number: str, what: str, days: int = 0) -> str:
    def add() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        return make.task(world.ana, case, what=what, days=days).public_id

    found: str = client.outside(add)
    return found


def test_a_case_manager_sees_what_to_do_and_why(
    client: Client, world: make.World, number: str, clock: Traveller
) -> None:
    client.sign_in(world.ana.person_id)
    client.get(f"/workspace/cases/{number}/")
    assert "Nothing is to be done today" in client.get("/workspace/").text
    task = a_task(client, world, number, "Zqxwv & ring Ngaire")
    page = client.get("/workspace/")
    assert client.statements.count <= CEILING
    assert f'href="/workspace/cases/{number}/tasks/{task}">Zqxwv &amp; ring Ngaire</a>' in page.text
    assert "Today</strong> Due Tue 3 March" in page.text
    clock.shift(timedelta(days=8))
    client.sign_in(world.ana.person_id)
    page = client.get("/workspace/")
    assert "<summary>The 5 working days to meet the school ended Tue 10 March" in page.text
    assert f'href="/workspace/cases/{number}/meetings">Meet the school</a>' in page.text
    assert "Wed 4 March: day 1" in page.text, "the arithmetic is one tap away"
    assert page.text.count("Overdue</strong>") == 2
    for other in ("david", "wiremu"):
        assert "Zqxwv" not in client.sign_in(world.people[other].person_id).get("/workspace/").text


def test_a_lead_sees_who_waits_for_a_case_manager_and_likely_matches(
    client: Client, world: make.World, clock: Traveller
) -> None:
    def ask() -> str:
        for name in ("Hana Walker", "Hana Walker"):
            case = make.submitted(world.priya, make.student(name, world.tawa), contact=world.tom)
        return case.number

    number = client.outside(ask)
    clock.shift(timedelta(days=1))
    page = client.sign_in(world.ruth.person_id).get("/workspace/")
    assert client.statements.count <= CEILING
    assert f'href="/workspace/cases/{number}/assignment">Give it to a case manager</a>' in page.text
    assert "In the queue for 1 working day; nobody has it" in words(page)
    assert "One likely match waits" in page.text
    assert "2 in the queue" in page.text
    assert "waits" not in client.sign_in(world.lupe.person_id).get("/workspace/").text


@pytest.mark.usefixtures("clock")
def test_of_many_lines_the_first_are_shown_and_the_others_are_one_press_away(
    client: Client, world: make.World, number: str
) -> None:
    for count in range(27):
        a_task(client, world, number, f"Task {count}")
    page = client.sign_in(world.ana.person_id).get("/workspace/")
    assert page.text.count('<th scope="row">') == 25
    assert ">3 more</a>" in page.text, "one for the case, which is new"
    assert client.get("/workspace/?all=y").text.count('<th scope="row">') == 28


def test_both_clocks_and_the_plan_lead_to_where_they_are_done(
    client: Client, world: make.World, number: str, clock: Traveller
) -> None:
    client.outside(lambda: make.planned(world.ana, db.session.scalars(select(Case).where(Case.number == number)).one()))
    clock.shift(timedelta(days=28))
    page = client.sign_in(world.ana.person_id).get("/workspace/")
    assert client.statements.count <= CEILING
    here = f"/workspace/cases/{number}/"
    for page_of_case, what in (
        ("meetings", "Meet the school"),
        ("meetings", "Meet student and whānau"),
        ("plan", "Review the plan"),
    ):
        assert f'href="{here}{page_of_case}">{what}</a>' in page.text
    said = page.text.partition("Meet student and whānau</a>")[2].partition("</details>")[0]
    assert "ended Tue 17 March; the 15 days ended Tue 24 March</summary>" in said
    assert ("<li>Tue 24 March: day 15</li>" in said, "day 16" in said) == (True, False), "one tap away"
