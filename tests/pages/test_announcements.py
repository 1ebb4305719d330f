"""Announcements on the pages of those they are for (H4)."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.announcements.models import Announcement
from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.people.models import Role
from tests import make
from tests.support.client import Client

HERE, NEW = "/announcements/", "/announcements/new"
WORDS = {"title": "The portal is closed on Friday", "body": "From 6 pm to 9 pm.\nNothing is lost."}


def days(until: int = 1) -> dict[str, Any]:
    today, last = clock.today(), clock.today().replace(year=clock.today().year + until - 1)
    boxes = {f"from_on-{box}": str(getattr(today, box)) for box in ("day", "month", "year")}
    return boxes | {f"until_on-{box}": str(getattr(last, box)) for box in ("day", "month", "year")}


def rows(client: Client) -> int:
    found: int = client.outside(lambda: db.session.scalar(select(func.count()).select_from(Announcement)))
    return found


def test_it_is_written_read_and_put_away(client: Client, world: make.World) -> None:
    page = client.sign_in(world.niko.person_id).get(NEW)
    answer = client.fill(page, "Announce it", **WORDS, **days(), roles=[Role.ATTENDANCE_LEAD.value])
    assert (answer.status_code, answer.location) == (303, HERE)
    client.sign_in(world.mere.person_id)
    home = client.get("/portal/")
    assert client.statements.count <= 4
    assert WORDS["title"] in home.text
    there = client.get(HERE)
    assert client.statements.count <= 3
    assert "Nothing is lost." in there.text
    assert client.fill(there, f"Put away: {WORDS['title']}").status_code == 303
    assert WORDS["title"] not in client.get("/portal/").text
    assert WORDS["title"] in client.get(HERE).text
    for other in (world.priya, world.ruth, world.oscar):
        assert WORDS["title"] not in client.sign_in(other.person_id).get("/account").text
    assert WORDS["title"] not in client.sign_in(world.priya.person_id).get(HERE).text


def test_a_writer_ends_it(client: Client, world: make.World) -> None:
    client.outside(lambda: make.announced(world.niko, title="Closed") and None)
    page = client.sign_in(world.oscar.person_id).get(HERE)
    assert "For everybody." in page.text
    assert client.fill(page, "End it for everybody: Closed").status_code == 303
    assert "Closed" not in client.sign_in(world.tom.person_id).get("/portal/").text
    assert "End it" not in client.get(HERE).text
    events = select(func.count()).where(Audit.event.in_(["announcement.made", "announcement.ended"]))
    assert client.outside(lambda: db.session.scalar(events)) == 2


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"title": " "}, "Write a title"),
        ({"title": "a" * 121}, "120 characters at most"),
        ({"body": ""}, "Write the text"),
        ({"until_on-year": "2020"}, "not over yet"),
        ({"until_on-day": ""}, "no such day"),
        ({"roles": ["everything"]}, "valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: Client, world: make.World, values: dict[str, Any], fault: str
) -> None:
    answer = client.sign_in(world.oscar.person_id).send(NEW, **{**WORDS, **days(), **values})
    assert answer.status_code == 422
    assert fault in answer.text
    assert rows(client) == 0


def test_a_title_is_text_whatever_it_says(client: Client, world: make.World) -> None:
    title = "<script>alert(1)</script> \u200fkāinga 🏠"
    client.sign_in(world.oscar.person_id).send(NEW, **{**WORDS, **days(), "title": title})
    page = client.get("/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \u200fkāinga 🏠" in page
