"""A school with 5,000 cases and 1,000 drafts: each page asks and holds no more than that of a small one."""

import gzip
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select, text
from werkzeug.test import TestResponse

from app.core.db import db
from app.core.security import public_id
from app.referrals.models import Answer, Referral
from tests import make
from tests.cases.many import many
from tests.support.client import Client
from tests.support.plans import is_postgresql, read_through

CASES, DRAFTS = 5_000, 1_000
HTML_BYTES = 8 * 1024
ROW = '<th scope="row">'
GROWING = {"attendance_case", "student", "enrolment", "case_person", "entry", "referral", "referral_answer"}
SCHOOLS_OWN = re.compile(r"FROM (attendance_case|referral)\b")
BOUNDED = re.compile(r"LIMIT|count\(|DISTINCT|max\(|student_id IN \((?!SELECT)")
"""By a limit, one row of sums, the people who have cases, or the students of a page."""
PAGES = (
    ("/portal/", 4, 20),
    ("/portal/cases/", 3, 25),
    ("/portal/cases/?status=closed&sort=name&after={}", 3, 25),
    ("/portal/cases/?new=y&sort=newest", 3, 25),
    ("/portal/cases/former", 3, 25),
    ("/portal/referrals/", 3, 50),
    ("/portal/referrals/?drafts_after={}", 3, 50),
    ("/portal/referrals/new?q=hana", 4, 20),
    ("/search?q=hana", 3, 50),
)


@pytest.fixture
def world(client: Client) -> make.World:
    made: make.World = client.outside(make.world)
    client.outside(_fill, made)
    return made


def _fill(world: make.World) -> None:
    many(world, CASES, here=1, each=1)
    pattern = make.draft(world.tom, world.ng, reason="Why", primary_contact=world.tom.public_id).referral
    draft = {column.key: getattr(pattern, column.key) for column in Referral.__table__.columns}
    answers = [
        {column.key: getattr(answer, column.key) for column in Answer.__table__.columns if column.key != "id"}
        for answer in db.session.scalars(select(Answer).where(Answer.referral_id == pattern.id))
    ]
    ids = range(1000, 999 + DRAFTS)
    drafts = [{**draft, "id": number, "student_id": number, "public_id": public_id()} for number in ids]
    db.session.execute(insert(Referral), drafts)
    db.session.execute(insert(Answer), [{**answer, "referral_id": number} for number in ids for answer in answers])
    if is_postgresql():
        db.session.execute(text("ANALYZE"))


def test_the_pages_of_a_large_school_ask_and_hold_what_those_of_a_small_one_do(
    client: Client, world: make.World
) -> None:
    wrong = []
    for who in (world.mere, world.tom):
        client.sign_in(who.person_id)
        last = ""
        for address, ceiling, most in PAGES:
            path = address.format(last)
            page = client.get(path)
            assert page.status_code == 200
            wrong += [f"{path}: {found}" for found in _found(client, page, ceiling, most)]
            last = _last(page) or last
        assert f"<b>{DRAFTS}</b>" in client.get("/portal/").text
    assert not wrong, "\n".join(wrong)


def _found(client: Client, page: TestResponse, ceiling: int, most: int) -> Iterator[str]:
    if client.statements.count > ceiling:
        yield f"{client.statements.count} statements, at most {ceiling}"
    if (rows := page.text.count(ROW)) > most:
        yield f"{rows} rows, at most {most}"
    if (size := len(gzip.compress(page.data, 6))) > HTML_BYTES:
        yield f"{size} bytes, at most {HTML_BYTES}"
    if endless := [each for each in client.statements.texts if SCHOOLS_OWN.search(each) and not BOUNDED.search(each)]:
        yield f"has no end: {endless}"
    asked = zip(client.statements.texts, client.statements.values, strict=True)
    for statement, values in [each for each in asked if "SELECT" in each[0]]:
        for table in client.outside(read_through, statement, values, False) & GROWING:
            yield f"reads {table} through for {statement}"


def _last(page: TestResponse) -> str:
    """Where the next page begins: the last draft, or the number of the last case."""
    found = re.search(r"[?&](?:drafts_)?after=([\w-]+)", page.text)
    return found[1] if found else ""
