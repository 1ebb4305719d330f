"""What marks ask of a school: the list, an answer, and who sees neither (ATT-3, T5)."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.attendance.prompts.models import MarkPrompt, PromptAnswer
from app.core.db import db
from app.core.events import Audit
from app.core.security import random_token
from tests import make
from tests.attendance import marked
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
LIST, ANSWER = "/portal/attendance/prompts/", "Keep this answer"
AWAY = "T" * 10
CEILINGS = {"list": 3, "page": 3, "answer": 9, "links": 3}


@pytest.fixture
def mere(client: Client, world: make.World) -> Client:
    """Grace has been away for five weeks, Mikaere of another school too."""
    for at, who in ((world.tawa, world.ng), (world.puna, world.other)):
        client.outside(marked.term, at, who, *[AWAY] * 5)
    return client.sign_in(world.mere.person_id)


def address(client: Client, school: make.Place) -> str:
    of = select(MarkPrompt.public_id).where(MarkPrompt.school_id == school.id, MarkPrompt.ended_at.is_(None))
    return f"{LIST}{client.outside(lambda: db.session.scalars(of).one())}"


def answers(client: Client) -> list[Any]:
    return client.outside(lambda: list(db.session.execute(select(PromptAnswer.__table__))))


def day(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_list_names_who_is_asked_about_and_nobody_of_another_school(mere: Client, world: make.World) -> None:
    page = mere.get(LIST)
    assert mere.statements.count <= CEILINGS["list"]
    assert "Grace Ng" in page.text
    assert "24 school days, Mon 2 February to Fri 6 March" in re.sub(r"\s+", " ", page.text)
    assert "Absent 20 school days in a row or more (1)" in page.text
    assert "Mikaere" not in page.text
    assert "Nothing is asked here" in mere.get(f"{LIST}?ask=not_known").text
    assert "Nothing is asked here" in mere.get(f"{LIST}?tutor=10+Rimu").text
    assert "Grace Ng" in mere.get(f"{LIST}?tutor=10+Rātā").text


def test_the_page_of_links_says_how_many(mere: Client) -> None:
    page = mere.get("/portal/attendance/")
    assert mere.statements.count <= CEILINGS["links"]
    assert "What marks ask</a> (1)" in page.text


def test_an_answer_is_kept_once_and_the_line_goes(mere: Client, world: make.World) -> None:
    page = mere.get(address(mere, world.tawa))
    assert mere.statements.count <= CEILINGS["page"]
    once = random_token()
    said = {"answer": "approved", "note": "In hospital.", "once": once}
    for _ in range(2):
        answer = mere.fill(page, ANSWER, **said)
        assert (answer.status_code, answer.location) == (303, LIST)
        assert mere.statements.count <= CEILINGS["answer"]
    (row,) = answers(mere)
    assert (row.answer, row.note, row.by_id) == ("approved", "In hospital.", world.mere.person_id)
    assert "Grace" not in mere.get(LIST).text
    again = mere.get(address(mere, world.tawa)).text
    assert "The principal approved the leave: <bdi>In hospital.</bdi>" in again
    assert "Answer anew" in again
    audits = select(Audit.event).where(Audit.event.startswith("prompt."))
    assert mere.outside(lambda: list(db.session.scalars(audits))) == ["prompt.answered"]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "Choose an answer"),
        ({"answer": "return_known"}, "Write the day of return"),
        ({"answer": "return_known", **day("return_on", date(2026, 3, 2))}, "Write a day from today on"),
        ({"answer": "withdrawn"}, "Write the day on which ENROL was told"),
        ({"answer": "withdrawn", **day("done_on", date(2026, 3, 9))}, "This day is still to come"),
        ({"answer": "other"}, "Say in a line why"),
        ({"answer": "other", "note": "a" * 301}, "300 characters at most"),
        ({"answer": "return_known", "return_on-day": "31", "return_on-month": "2"}, "There is no such day"),
    ],
)
def test_what_an_answer_lacks_is_said_beside_its_field(
    mere: Client, world: make.World, said: dict[str, str], fault: str
) -> None:
    answer = mere.fill(mere.get(address(mere, world.tawa)), ANSWER, **said)
    assert answer.status_code == 422
    assert fault in answer.text
    assert not answers(mere)


def test_of_two_who_answer_at_once_the_second_is_told(
    mere: Client, another_client: Callable[[], Client], world: make.World
) -> None:
    early, priya = mere.get(address(mere, world.tawa)), another_client().sign_in(world.priya.person_id)
    priya.fill(priya.get(address(mere, world.tawa)), ANSWER, answer="other", note="Nan is ill.")
    answer = mere.fill(early, ANSWER, answer="approved", note="In hospital.")
    assert answer.status_code == 409
    assert "Somebody else answered this meanwhile" in answer.text
    assert "Nan is ill." in answer.text
    assert "In hospital." in answer.text
    assert mere.fill(answer, ANSWER).status_code == 303
    assert [row.answer for row in answers(mere)] == ["other", "approved"]


def test_where_the_marks_say_something_else_by_now_nothing_can_be_answered(mere: Client, world: make.World) -> None:
    page = mere.get(address(mere, world.tawa))
    mere.outside(marked.term, world.tawa, world.ng, *[AWAY] * 5, "PP" + "." * 8)
    answer = mere.fill(page, ANSWER, answer="approved", note="In hospital.")
    assert answer.status_code == 422
    assert "The marks say something else by now" in answer.text
    assert ANSWER not in answer.text
    assert not answers(mere)


def test_from_there_it_is_one_step_to_letters_and_to_a_request(mere: Client, world: make.World) -> None:
    page = mere.get(address(mere, world.tawa))
    assert f"/portal/students/{world.ng.public_id}/letters/" in page.text
    begun = mere.fill(page, "Ask for support")
    assert (begun.status_code, begun.location.startswith("/portal/referrals/")) == (303, True)


def test_whoever_may_not_see_it_gets_nothing(
    mere: Client, another_client: Callable[[], Client], world: make.World
) -> None:
    there = address(mere, world.puna)
    assert mere.get(there).status_code == 404
    assert mere.send(there, answer="corrected", version="").status_code == 404
    tom = another_client().sign_in(world.tom.person_id)
    assert tom.get(LIST).status_code == 403
    assert tom.get(address(mere, world.tawa)).status_code == 403
    assert not answers(mere)
