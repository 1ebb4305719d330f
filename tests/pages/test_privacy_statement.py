"""The privacy statement is printed, given, and that is noted (PRIV-5)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.students.models import PrivacyStatementGiven
from tests import make
from tests.support.client import Client

NOTE = "Note that we gave it"


def day(back: int = 0) -> dict[str, str]:
    on = clock.today() - timedelta(days=back)
    return {f"given_on-{box}": str(getattr(on, box)) for box in ("day", "month", "year")}


def rows(client: Client) -> list[Any]:
    columns = PrivacyStatementGiven.organisation_id, PrivacyStatementGiven.given_on
    return client.outside(lambda: list(db.session.execute(select(*columns).order_by(PrivacyStatementGiven.id))))


def test_it_is_in_two_languages(client: Client, world: make.World) -> None:
    page = client.sign_in(world.mere.person_id).get("/help/privacy").text
    assert "Privacy Commissioner" in page
    assert 'lang="mi" aria-labelledby="mi"' in page
    assert "where no attendance service looks after" in page
    assert "mēnā kāore he ratonga tae ā-kura" in page


def test_each_side_notes_it_for_itself_and_sees_both(client: Client, world: make.World, number: str) -> None:
    school, service = f"/portal/cases/{number}/", f"/workspace/cases/{number}/"
    assert "not noted as given" in client.sign_in(world.tom.person_id).get(school).text
    answer = client.fill(client.get(f"{school}privacy"), NOTE, **day())
    assert (answer.status_code, answer.location) == (303, school)
    assert client.statements.count <= 9
    page = client.get(school)
    assert "not noted as given" not in page.text
    client.sign_in(world.ana.person_id)
    assert "not noted as given" in client.get(service).text
    assert client.statements.count <= 6
    there = client.get(f"{service}privacy")
    assert "Tom Hargreaves" in there.text
    client.fill(there, NOTE, **day(3))
    assert "not noted as given" not in client.get(service).text
    today = clock.today()
    assert rows(client) == [(world.tawa.id, today), (world.te_awa.id, today - timedelta(days=3))]
    noted = select(func.count()).where(Audit.event == "privacy_statement.given", Audit.case_id.is_not(None))
    assert client.outside(lambda: db.session.scalar(noted)) == 2


def test_while_a_request_is_written_it_stands_beside_it(client: Client, world: make.World, address: str) -> None:
    assert "not noted as given" in client.sign_in(world.priya.person_id).get(address).text
    answer = client.fill(client.get(f"{address}privacy"), NOTE, **day(1))
    assert answer.location == address
    assert "not noted as given" not in client.get(address).text
    assert client.fill(client.get(f"{address}privacy"), NOTE, **day(1)).status_code == 303
    assert len(rows(client)) == 1


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        (day(-1), "not in the future"),
        (day(6 * 366), "last five years"),
        ({"given_on-day": "31", "given_on-month": "2", "given_on-year": "2026"}, "no such day"),
        ({}, "Write the day"),
    ],
)
def test_a_day_that_cannot_be_is_refused(
    client: Client, world: make.World, address: str, values: dict[str, str], fault: str
) -> None:
    answer = client.sign_in(world.priya.person_id).send(f"{address}privacy", **values)
    assert answer.status_code == 422
    assert fault in answer.text
    assert rows(client) == []


def test_another_schools_note_is_not_shown(client: Client, world: make.World, number: str) -> None:
    def noted() -> None:
        at = clock.now()
        db.session.add(
            PrivacyStatementGiven(
                student_id=world.whanau.id,
                organisation_id=world.bay.id,
                given_on=clock.today(),
                recorded_by_id=world.kahu.person_id,
                recorded_at=at,
            )
        )

    client.outside(noted)
    page = client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/privacy").text
    assert world.kahu.name not in page
    assert "not noted yet" in page
