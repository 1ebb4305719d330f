"""Search walks its indexes, however many students there are, and a page of it asks for three statements at most."""

import pytest
from sqlalchemy import text

from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.core.db import db
from app.people.queries import Actor
from tests import make
from tests.cases.many import many
from tests.support.client import Client
from tests.support.plans import is_postgresql, reads_through
from tests.support.statements import Statements

LARGE = 10_000
NEVER_READ_THROUGH = ("student_name_word", "student", "attendance_case")
TYPED = ("ng", "hana te", "w", "25-001001-0")


@pytest.mark.parametrize("count", [10, LARGE])
def test_no_table_is_read_through(world: make.World, statements: Statements, count: int) -> None:
    many(world, count)
    if count == LARGE:
        db.session.execute(text("ANALYZE"))
    elif is_postgresql():  # it would read ten rows at once, and rightly
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    for who in (world.ruth, world.david, world.mere, world.tom):
        for typed in TYPED:
            lines = plan(who, typed, statements)
            read = [line for line in lines if any(reads_through(line, table) for table in NEVER_READ_THROUGH)]
            assert not read, f"{who.role} {typed}: {read}"


def plan(who: Actor, typed: str, statements: Statements) -> list[str]:
    """How the database goes about it, line by line."""
    with statements.counted():
        cases_found(who, sought(typed))
    ((statement, values),) = zip(statements.texts, statements.values, strict=True)
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    lines = db.session.connection().exec_driver_sql(f"{explain} {statement}", values)
    return [str(row[-1]).strip() for row in lines]


@pytest.mark.parametrize("count", [10, 1000])
def test_a_page_of_search_keeps_to_its_statements(client: Client, count: int) -> None:
    world: make.World = client.outside(make.world)
    client.outside(lambda: many(world, count).number)
    for who in ("ruth", "david", "mere", "tom"):
        client.sign_in(world.people[who].person_id)
        for typed in TYPED:
            assert client.get("/search", query_string={"q": typed}).status_code == 200
            assert client.statements.count <= 3
