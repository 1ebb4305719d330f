"""What a service's case shows of a student's marks: of a closed one nothing of later days, and of a student who changed school every
school's, each by its name (T2, S7)."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.cases.models import Case
from app.core import clock as clocks
from app.core.db import db
from tests import make
from tests.attendance import marked
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
LAST_YEAR, WEEK, SPRING = date(2025, 10, 6), date(2026, 2, 23), date(2026, 4, 20)


def words(page: Any) -> str:
    assert page.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])).split())


def told(world: make.World, number: str, source: str, at: make.Place) -> None:
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    said = replace(make.absences(clocks.today()), source=source)
    state_absences(make.head(world.ana, case), said, by=world.ana, school_id=at.id)


@pytest.fixture
def closed(client: Client, world: make.World, number: str, clock: Traveller) -> str:
    """On a Wednesday of whose week there are marks to Friday. After the holidays the student goes to a school elsewhere."""

    def close() -> None:
        told(world, number, "Zqxwvbefore", world.tawa)
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.closed(case, by=world.ana)

    def goes_on() -> None:
        told(world, number, "Zqxwvlater", world.tawa)
        told(world, number, "Zqxwvelsewhere", world.bay)
        marked.term(world.tawa, world.whanau, "TTTTTTTTTT", from_on=LAST_YEAR)
        marked.term(world.tawa, world.whanau, "TTTTPPPPPP", "PPPPMMTTTT", from_on=WEEK)
        make.left(world.whanau, world.tawa)
        make.enrolled(world.whanau.id, world.bay, from_on=SPRING)
        marked.term(world.bay, world.whanau, "TTTTTTTTTT", "MMMMMMMMMM", from_on=SPRING)

    clock.move_to("2026-03-04T15:00+13:00", tick=False)
    client.outside(close)
    clock.move_to("2026-05-12T09:00+12:00", tick=False)
    client.outside(goes_on)
    return number


def test_a_closed_case_shows_no_marks_of_later_days_and_of_no_later_school(
    client: Client, world: make.World, closed: str
) -> None:
    for who in (world.ana, world.ruth):
        page = client.sign_in(who.person_id).get(f"/workspace/cases/{closed}/attendance")
        said = words(page)
        assert "Days absent 3, good" in said
        assert "Data as of Wed 4 March" in said
        assert "Term 4 of 2025" in said.replace("term", "Term")
        assert world.bay.name not in said
        assert "term 2 of 2026" not in said.lower()
        assert not re.search("[Tt]erm=20262", page.text)
        assert "<td>M M </td><td> " not in page.text
        assert "Zqxwvbefore" in said
        assert not re.search("Zqxwv(later|elsewhere)", said)
        asked = words(client.get(f"/workspace/cases/{closed}/attendance?term=20262"))
        assert "term 2 of 2026" not in asked.lower()


def test_what_the_school_sees_of_a_closed_case_ends_with_it_too(client: Client, world: make.World, closed: str) -> None:
    said = words(client.sign_in(world.ana.person_id).get(f"/workspace/cases/{closed}/school-view/attendance"))
    assert "3: good" in said
    assert "4 March" in said
    assert "Zqxwvlater" not in said


def test_the_line_on_a_closed_case_says_where_the_figures_of_a_term_that_went_on_stand(
    client: Client, world: make.World, closed: str
) -> None:
    said = words(client.sign_in(world.ana.person_id).get(f"/workspace/cases/{closed}/"))
    assert "those of term 1 of 2026 to the day it was closed stand on that page" in said
    assert "days absent in term 1" not in said


def test_of_a_student_who_changed_school_every_school_s_half_days_say_before_and_since(
    client: Client, world: make.World, clock: Traveller
) -> None:
    def moved() -> str:
        marked.term(world.tawa, world.whanau, "TTTTTTTTTT", "TTTTTTTTTT", from_on=date(2026, 2, 9))
        return make.moved(world, world.whanau).number

    number = client.outside(moved)
    clock.move_to("2026-03-24T09:00+13:00", tick=False)
    weeks = ("PPPPPPPPPP", "PPPPPPPPPT")
    client.outside(lambda: marked.term(world.puna, world.whanau, *weeks, from_on=date(2026, 3, 9)))
    said = words(client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/attendance"))
    assert "5.0 days a week, 0.0 % present. Since: 0.2 days a week, 95.0 % present." in said
    assert re.search(r"Support request.{0,20} 5\.0 days a week, 0\.0 % present 0\.2 days a week, 95\.0 %", said)


def test_marks_of_another_school_than_the_case_s_stand_under_its_name(
    client: Client, world: make.World, number: str
) -> None:
    def elsewhere() -> None:
        make.enrolled(world.whanau.id, world.puna)
        marked.term(world.puna, world.whanau, "TTTTTTTTTT", from_on=LAST_YEAR)
        marked.term(world.puna, world.whanau, "PPPPPPPPPP", from_on=WEEK)

    client.outside(elsewhere)
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/attendance")
    assert f"Term 1 of 2026, {world.puna.name}" in words(page)
    assert page.text.count(f'<td data-label="School">{world.puna.name}</td>') == 2
