"""The page of search, and its box on every page of those who may search."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.cases.numbers import case_number, parse
from app.cases.search.queries import MOST
from app.core.db import db
from app.core.seen import ViewLog
from tests import make
from tests.cases.many import many
from tests.support.client import Client

BOX = 'action="/search"'


def searches(client: Client) -> int:
    made = select(func.count()).where(ViewLog.page == "search", ViewLog.case_id.is_(None))
    found: int = client.outside(lambda: db.session.scalar(made))
    return found


def test_the_box_stands_once_on_every_page_of_those_who_may_search(client: Client, world: make.World) -> None:
    for who in ("mere", "priya", "tom", "ruth", "ana"):
        client.sign_in(world.people[who].person_id)
        for path in ("/search", "/notifications/", "/account", "/portal/cases/none/"):
            assert client.get(path).text.count(BOX) == 1, f"{who} {path}"
    for who in ("hana", "tane", "moana", "oscar"):
        assert BOX not in client.sign_in(world.people[who].person_id).get("/account").text, who
    assert BOX not in client.sign_out().get("/sign-in").text


def test_a_case_that_was_found_leads_to_it(client: Client, world: make.World, number: str) -> None:
    for who, at in (("ana", "workspace"), ("mere", "portal")):
        page = client.sign_in(world.people[who].person_id).get("/search?q=whanau+h")
        assert f'<a class="govuk-link" href="/{at}/cases/{number}/">Hēmi Whānau</a>' in page.text
        for said in ("Year 10", "Open</strong>", "Ana Tuhoro", 'value="whanau h"'):
            assert said in page.text


def test_of_a_case_one_may_not_open_only_who_has_it_is_shown(client: Client, world: make.World, number: str) -> None:
    page = client.sign_in(world.david.person_id).get("/search?q=whanau")
    for said in ("Hēmi Whānau", number, "Year 10", "Ana Tuhoro", "ask them or a workflow lead"):
        assert said in page.text
    for hidden in (f"cases/{number}", "Open</strong>", "Tawa Awa"):
        assert hidden not in page.text


def test_that_somebody_looked_is_logged_and_not_for_what(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.david.person_id)
    for nothing in ("/search", "/search?q=", "/search?q=+-"):
        client.get(nothing)
    assert searches(client) == 0
    for looked_for in ("whanau", "zyxwv", number):
        client.get("/search", query_string={"q": looked_for})
    assert searches(client) == 3


def test_a_legal_name_stands_beside_another_preferred_one(client: Client, world: make.World) -> None:
    client.outside(
        lambda: (
            make.submitted(
                world.priya, make.student("Alexandra Tau", world.tawa, preferred="Lexi"), contact=world.tom
            ).number
        )
    )
    page = client.sign_in(world.ruth.person_id).get("/search?q=alexandra").text
    assert ">Lexi</a><small><bdi>Alexandra Tau</bdi>, " in page
    assert "nobody yet" in page


def test_nobody_found_says_what_was_looked_for_and_what_to_do(client: Client, world: make.World, number: str) -> None:
    typed = "Zyx & <b>wv</b>"
    page = client.sign_in(world.mere.person_id).get("/search", query_string={"q": typed}).text
    assert "Nobody found for “Zyx &amp; &lt;b&gt;wv&lt;/b&gt;”" in page
    assert f'href="/portal/referrals/new?{urlencode({"q": typed})}"' in page
    assert "referrals/new" not in client.sign_in(world.ruth.person_id).get("/search?q=zyx").text
    unknown = client.get(f"/search?q={make_unknown(number)}").text
    assert "There is no case" in unknown


def make_unknown(number: str) -> str:
    """A whole number that no case has."""
    year, serial = parse(number) or (0, 0)
    return case_number(year, serial + 1000)


def test_more_than_a_page_asks_for_more_of_the_name(client: Client, world: make.World) -> None:
    client.outside(lambda: many(world, 300).number)
    page = client.sign_in(world.ruth.person_id).get("/search?q=ng").text
    assert page.count('<th scope="row">') == MOST
    assert "type more of the name" in page
    assert "type more of the name" not in client.get("/search?q=hemi").text


@pytest.mark.parametrize("typed", ["%00", "a%00b"])
def test_nul_is_refused(client: Client, world: make.World, typed: str) -> None:
    assert client.sign_in(world.ruth.person_id).get(f"/search?q={typed}").status_code == 400


@pytest.mark.parametrize("typed", ["x" * 8000, "a b c d e f g h i j k", "%ff%fe", "\U0010ffff", "'\"\\;--", "½ ٣ ﷺ"])
def test_odd_texts_are_answered(client: Client, world: make.World, number: str, typed: str) -> None:
    page = client.sign_in(world.ruth.person_id).get("/search", query_string={"q": typed})
    assert page.status_code == 200
    assert number not in page.text


def test_a_closed_case_is_found_with_its_status(client: Client, world: make.World, number: str) -> None:
    client.outside(lambda: make.closed(db.session.scalars(select(Case)).one(), by=world.ruth).number)
    assert "Closed</strong>" in client.sign_in(world.tom.person_id).get("/search?q=whanau").text


def test_what_is_no_number_and_no_name_says_so(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.ruth.person_id)
    for typed in (number[:-2], number[:-1] + str((int(number[-1]) + 1) % 10), "29", f"#{number[3:9]}"):
        assert "is not a whole case number" in client.get("/search", query_string={"q": typed}).text, typed
    assert "Nothing can be found by “%”" in client.get("/search", query_string={"q": "%"}).text
    assert f"/workspace/cases/{number}/" in client.get("/search", query_string={"q": f"#{number}"}).text


def test_an_address_too_long_to_be_led_back_to_leads_to_its_page(client: Client, world: make.World) -> None:
    answer = client.get("/search", query_string={"q": "ā" * 1000})
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/search")
    client.sign_in(world.mere.person_id)
    for path in ("/portal/cases/", "/portal/reports/", "/portal/referrals/new"):
        assert client.get(path, query_string={"q": "x" * 8000, "after": "y" * 100}).status_code == 200
