"""What people are told, how each wants to be told, and the way from a mail to what it is about (SHARE-7)."""

from sqlalchemy import insert, select

from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Channel, Outbox
from app.people.telling.queries import PAGE
from tests import make
from tests.support.client import Client
from tests.support.plans import read_through

LISTED = "/notifications/"


def told_often(world: make.World, number: str, times: int) -> None:
    """So many rows of Tom's about his case."""
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    one = {
        "made_at": core_clock.now(),
        "event": "case.assigned",
        "person_id": world.tom.person_id,
        "role": world.tom.role,
        "organisation_id": world.tom.organisation_id,
        "case_id": case.id,
        "thing": "case_person",
        "thing_id": 1,
        "channel": Channel.APP,
        "next_try_at": core_clock.now(),
        "done_at": core_clock.now(),
        "result": "in the app",
    }
    db.session.execute(insert(Outbox), [one] * times)


def test_a_long_list_is_read_by_its_index_a_page_at_a_time(client: Client, world: make.World, number: str) -> None:
    """However many things somebody was told, and other people besides."""
    client.outside(told_often, world, number, 1000)
    page = client.sign_in(world.tom.person_id).get(LISTED)
    assert page.text.count("A case has a new case manager") == PAGE
    assert client.statements.count <= 3
    asked = zip(client.statements.texts, client.statements.values, strict=True)
    for statement, values in [each for each in asked if "SELECT" in each[0]]:
        assert "outbox" not in client.outside(read_through, statement, values, False), statement
    older = client.get(page.text.split('rel="next" href="')[1].split('"')[0])
    assert older.text.count("A case has a new case manager") == PAGE
    assert f'rel="prev" href="{LISTED}"' in older.text
    assert client.get(f"{LISTED}?before=x").status_code == 200


def test_the_count_on_every_page_is_a_column_of_the_sign_in(client: Client, world: make.World, number: str) -> None:
    client.outside(told_often, world, number, 7)
    counted = client.sign_in(world.tom.person_id).get("/account")
    asked = [text for text in client.statements.texts if "FROM outbox" in text]
    assert len(asked) == 1
    assert "FROM sign_in" in asked[0]
    assert '<span class="wh-count">' in counted.text
