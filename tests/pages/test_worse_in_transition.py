"""Where it stands that a student misses more school since the transition began, and for whom (CASE-4)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.attendance.rules import Absences, HalfDays, Week
from app.cases.absences.actions import tell_absences
from app.cases.actions import change_status
from app.cases.models import Case, Status
from app.core import clock as core_clock
from app.core.db import db
from tests import make
from tests.attendance import marked
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
FIRST, BEGAN, LAST = date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 20)
WORSE, NOT_WORSE = "Worse than before the transition", "Not worse than before the transition"


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    """In transition since that Monday."""

    def make_it() -> str:
        case = make.open_case(world)
        change_status(case, Status.TRANSITION, by=world.ana, sets={"expected_end_on": date(2026, 5, 1)})
        case.status_at = core_clock.begin_of(BEGAN) + timedelta(hours=9)
        return case.number

    number: str = client.outside(make_it)
    return number


def tell(client: Client, world: make.World, number: str, before: int, since: int) -> None:
    """Half-days absent in the week before and in the week since."""
    weeks = [Week(FIRST, HalfDays(10, 0, before)), Week(BEGAN, HalfDays(10, 0, since))]
    told = Absences(FIRST, LAST, LAST, HalfDays(20, 0, before + since), "Our register", LAST, weeks)

    def act() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        tell_absences(make.head(world.mere, case), told, school_id=case.school_id, by=world.mere)

    client.outside(act)


def test_it_stands_on_the_page_and_in_my_work_until_told_otherwise(
    client: Client, world: make.World, number: str
) -> None:
    here = f"/workspace/cases/{number}/attendance"
    client.sign_in(world.ana.person_id)
    assert "The days before and since are compared" in client.get(here).text
    tell(client, world, number, before=2, since=5)
    page = client.get(here).text
    assert client.statements.count <= 9
    assert WORSE in page
    assert "absent 2½ of 5 days since then, 1 of 5 days before, as told on Fri 20 February" in page
    work = client.get("/workspace/").text
    assert client.statements.count <= 4
    assert f'href="{here}">Look at the days absent' in work
    assert "A student misses more school since the transition began" in client.get("/notifications/").text
    tell(client, world, number, before=5, since=5)
    page = client.get(here).text
    assert NOT_WORSE in page
    assert WORSE not in page
    assert "Look at the days absent" not in client.get("/workspace/").text


def test_the_school_and_colleagues_read_nothing_of_it(client: Client, world: make.World, number: str) -> None:
    tell(client, world, number, before=2, since=5)
    client.sign_in(world.mere.person_id)
    assert "before the transition" not in client.get(f"/portal/cases/{number}/attendance").text
    for who in (world.david, world.lupe, world.ruth):
        client.sign_in(who.person_id)
        assert "Look at the days absent" not in client.get("/workspace/").text
        assert "misses more school" not in client.get("/notifications/").text


def test_where_the_school_sends_marks_they_are_compared_and_not_what_was_told(
    client: Client, world: make.World, number: str
) -> None:
    """They say so on the page, above the marks, and in My work; of another school's marks neither says anything."""
    here = f"/workspace/cases/{number}/attendance"
    tell(client, world, number, before=5, since=5)

    def send() -> None:
        make.enrolled(world.whanau.id, world.puna, from_on=FIRST)
        marked.term(world.puna, world.whanau, "T" * 10, "P" * 10, "P" * 10, from_on=FIRST)
        marked.term(world.tawa, world.whanau, "TTPPPPPPPP", "TTTTTTTPPP", "TTTTPPPPPP", from_on=FIRST)

    client.outside(send)
    client.sign_in(world.ana.person_id)
    page = client.get(here).text
    assert client.statements.count <= 19
    assert WORSE in page
    assert NOT_WORSE not in page
    assert "absent 4½ of 9 days since then, 1 of 5 days before, by the school’s marks up to Fri 27 February" in page
    assert page.index(WORSE) < page.index("Counted from half-day marks")
    work = client.get("/workspace/").text
    assert client.statements.count <= 4
    assert "by the school’s marks, as counted on" in work
    assert f'href="{here}">Look at the days absent' in work
    for who, where in ((world.mere, "/portal"), (world.jin, "/portal")):
        client.sign_in(who.person_id)
        assert "before the transition" not in client.get(f"{where}/cases/{number}/attendance").text
        assert "misses more school" not in client.get("/notifications/").text


def test_too_few_marks_are_not_compared_and_the_page_says_how_many_it_takes(
    client: Client, world: make.World, number: str
) -> None:
    client.outside(lambda: marked.term(world.tawa, world.whanau, "T" * 10, "T" * 10, from_on=FIRST))
    client.sign_in(world.ana.person_id)
    page = client.get(f"/workspace/cases/{number}/attendance").text
    assert "once a school week is marked on either side" in page
    assert WORSE not in page
