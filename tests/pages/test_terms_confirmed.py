"""A school says that its marks of a term are right, once it is over, and takes it back (ATT-4)."""

from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from app.attendance.drawing.queries import sums_of_terms
from app.core.db import db
from app.core.events import Audit
from tests import make
from tests.attendance import marked
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
HERE = "/portal/attendance/terms"
CONFIRM, TAKE_BACK = "Confirm this term", "Take it back"
AUTUMN = date(2025, 10, 13)
CEILINGS = {"list": 4, "post": 9}


@pytest.fixture
def mere(client: Client, world: make.World) -> Client:
    def sent() -> None:
        marked.term(world.tawa, world.ng, "PPPPTTPPPP", from_on=AUTUMN)
        marked.term(world.tawa, world.ng, "PPPPTTPP..", "PPPPPPPPPP")
        make.enrolled(world.ng.id, world.puna)
        marked.term(world.puna, world.ng, "PPPPTTPPPP", from_on=date(2025, 7, 14))

    client.outside(sent)
    return client.sign_in(world.mere.person_id)


def words(page: Any) -> str:
    return " ".join(unescape(page.text).split())


def standing(client: Client, world: make.World) -> list[tuple[str, str | None]]:
    """Of each term of the student at this school: what it is called, and who confirmed it."""
    found: list[tuple[str, str | None]] = client.outside(
        lambda: [(each.words, each.confirmed_by) for each in sums_of_terms(world.ng.id, world.tawa.id)]
    )
    return found


def test_the_school_sees_its_terms_and_no_other_school_s(mere: Client) -> None:
    said = words(mere.get(HERE))
    assert mere.statements.count <= CEILINGS["list"]
    assert said.index("Term 1 of 2026") < said.index("Term 4 of 2025")
    assert "Term 3 of 2025" not in said
    assert "Fri 13 February" in said
    assert "Provisional: not over yet" in said
    assert said.count(CONFIRM) == 1
    assert HERE in mere.get("/portal/attendance/").text


def test_of_a_term_whose_last_day_nobody_has_said_the_page_says_so(mere: Client, world: make.World) -> None:
    mere.outside(lambda: marked.term(world.tawa, world.ng, "PPPPTTPPPP", from_on=date(2027, 2, 15)))
    said = words(mere.get(HERE))
    assert "Provisional: nobody has said its last day" in said
    assert said.count("Provisional: not over yet") == 1


def test_a_term_that_is_over_is_confirmed_and_taken_back(mere: Client, world: make.World) -> None:
    answer = mere.fill(mere.get(HERE), CONFIRM)
    assert answer.status_code == 303
    assert mere.statements.count <= CEILINGS["post"]
    page = mere.get(HERE)
    assert f"Confirmed by {world.mere.name}" in words(page)
    assert CONFIRM not in page.text
    assert standing(mere, world) == [("term 1 of 2026", None), ("term 4 of 2025", world.mere.name)]
    mere.fill(page, TAKE_BACK)
    assert standing(mere, world)[1] == ("term 4 of 2025", None)
    logged = select(Audit.event, Audit.thing, Audit.thing_id, Audit.organisation_id).where(Audit.event.like("term.%"))
    assert mere.outside(lambda: db.session.execute(logged.order_by(Audit.id)).all()) == [
        ("term.confirmed", "confirmed_term", 20254, world.tawa.id),
        ("term.provisional_again", "confirmed_term", 20254, world.tawa.id),
    ]


def test_a_term_that_is_not_over_is_not_confirmed(mere: Client, world: make.World) -> None:
    assert mere.send(f"{HERE}/20261/confirmation").status_code == 403
    assert {each[1] for each in standing(mere, world)} == {None}


def test_a_term_without_marks_is_none(mere: Client) -> None:
    assert mere.send(f"{HERE}/20253/confirmation").status_code == 404
