"""Statements a page asks for, how the database goes about them, and bytes as a browser gets them: at ten cases and at ten thousand
(`quality.md`)."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.cases.standing import recount
from app.core.db import db
from tests import make
from tests.cases.many import many
from tests.support.client import Client
from tests.support.plans import is_postgresql, read_through

LARGE = 10_000
HTML_BYTES = 8 * 1024
CASE = "cases/{}/"
SEARCH = "/search?q="
PAGES = {
    "ruth": {
        "home": "/workspace/",
        "list": "/workspace/cases/",
        "queue": "/workspace/queue/",
        "case": f"/workspace/{CASE}",
        "search": f"{SEARCH}hana+te",
        "number": f"{SEARCH}{{}}",
        "born": f"{SEARCH}3/4/2014",
        "address": f"{SEARCH}14+rata+st",
        "digits": f"{SEARCH}021+555+777",
    },
    "ana": {
        "home": "/workspace/",
        "list": "/workspace/cases/",
        "case": f"/workspace/{CASE}",
        "search": f"{SEARCH}w",
        "born": f"{SEARCH}1+January+2012",
        "address": f"{SEARCH}rata+street",
    },
    "mere": {
        "home": "/portal/",
        "list": "/portal/cases/",
        "sorted": "/portal/cases/?sort=newest&new=y",
        "case": f"/portal/{CASE}",
        "search": f"{SEARCH}ng",
        "born": f"{SEARCH}2012-04-03",
        "address": f"{SEARCH}7+rata",
    },
    "tom": {
        "home": "/portal/",
        "list": "/portal/cases/?status=closed",
        "sorted": "/portal/cases/?sort=name&year=10&manager=somebody&mine=y",
        "case": f"/portal/{CASE}",
        "search": f"{SEARCH}whanau+hemi",
    },
}
CEILINGS = {
    "home": 4,
    "list": 3,
    "sorted": 3,
    "queue": 3,
    "case": 6,
    "search": 3,
    "number": 3,
    "post": 9,
} | dict.fromkeys(("born", "address", "digits"), 3)
FILLED = ("attendance_case", "student", "enrolment", "student_name_word", "student_detail_word", "case_person", "entry")
GROWING = (
    *(*FILLED, "outbox", "audit", "view_log", "referral", "referral_answer", "status_change", "caregiver"),
    *("role_held", "case_person"),
)
"""Whatever grows with the country."""


@dataclass(frozen=True)
class Filled:
    """A portal with so many cases, of which one in two (of ten) or in a hundred is at the world's school and service."""

    client: Client
    world: make.World
    number: str
    """Of a case with twenty notes."""
    count: int

    def rows(self, path: str) -> int:
        """That a page shows at least: a budget is for a page that is full. A contact's own cases are few."""
        is_list = path in {"/workspace/cases/", "/workspace/queue/", "/portal/cases/"}
        return (25 if self.count == LARGE else 1) if is_list else 0

    def pages(self) -> Iterator[tuple[str, str]]:
        """Each kind of page, asked for by each who sees it."""
        for who, paths in PAGES.items():
            self.client.sign_in(self.world.people[who].person_id)
            yield from ((kind, path.format(self.number)) for kind, path in paths.items())


@pytest.fixture(params=[10, LARGE])
def filled(request: pytest.FixtureRequest, client: Client) -> Filled:
    world: make.World = client.outside(make.world)
    return Filled(client, world, client.outside(_fill, world, request.param), request.param)


def _fill(world: make.World, count: int) -> str:
    case = many(world, count, here=1, each=2 if count < LARGE else 100)
    for number in range(20):
        make.note(world.ana, case, body=f"A note of an ordinary length, about what was said, number {number}.")
    recount()
    if is_postgresql():
        db.session.execute(text("ANALYZE"))
    return case.number


def test_pages_keep_to_their_budgets_however_many_cases_there_are(filled: Filled) -> None:
    """Statements, what the database reads for them, and bytes."""
    wrong = []
    for kind, path in filled.pages():
        page = filled.client.get(path)
        assert page.status_code == 200
        assert page.text.count('<th scope="row">') >= filled.rows(path)
        wrong += [f"{path}: {found}" for found in (*_too_many(filled, kind), *_too_heavy(page), *_read_through(filled))]
        if kind == "case":
            assert filled.client.send(f"{path}comments", body="Kia ora", audience="shared").status_code == 303
            wrong += [f"POST {path}: {found}" for found in (*_too_many(filled, "post"), *_read_through(filled))]
    assert not wrong, "\n".join(wrong)


def _too_many(filled: Filled, kind: str) -> Iterator[str]:
    if (count := filled.client.statements.count) > CEILINGS[kind]:
        yield f"{count} statements, at most {CEILINGS[kind]}"
    if any(re.search(r"OFFSET (?!\?)", statement) for statement in filled.client.statements.texts):
        yield "counts its way through pages"


def _too_heavy(page: TestResponse) -> Iterator[str]:
    if (size := len(gzip.compress(page.data, 6))) > HTML_BYTES:
        yield f"{size} bytes, at most {HTML_BYTES}"


def _read_through(filled: Filled) -> Iterator[str]:
    """Growing tables that the database reads from the first row to the last."""
    is_large = filled.count == LARGE
    asked = list(zip(filled.client.statements.texts, filled.client.statements.values, strict=True))
    tables = set(FILLED if is_large else GROWING)
    for statement, values in [each for each in asked if "SELECT" in each[0]]:
        found = filled.client.outside(read_through, statement, values, is_large) & tables
        yield from (f"reads {table} through for {statement}" for table in sorted(found))


def test_starting_a_draft_takes_nine_statements(client: Client, world: make.World) -> None:
    """Of a student with a case, a contact, a caregiver the school has named, and a record that was changed: the most there is
    to fill in."""
    client.sign_in(world.priya.person_id)
    number = client.outside(lambda: make.open_case(world).number)
    client.fill(client.get(f"/portal/cases/{number}/student/change"), "Save", address="1 Rata Road")
    draft = client.send("/portal/referrals/", student=world.whanau.public_id)
    assert client.statements.count == CEILINGS["post"]
    page = client.get(draft.location or "").text
    assert all(text in page for text in ("1 Rata Road", "Ngaire", world.tom.public_id))
