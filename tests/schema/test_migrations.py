"""The schema: what migrations make is what the models say, there and back, on both databases."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, Engine, Table, create_engine, inspect, text

from app.core import schema
from app.core.db import Base
from tests.support.databases import Database

BOOKKEEPING = {"alembic_version"}


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    made = create_engine(database.url)
    yield made
    made.dispose()


@pytest.fixture
def bare_engine(bare_database: Database) -> Iterator[Engine]:
    made = create_engine(bare_database.url)
    yield made
    made.dispose()


def test_head_is_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    assert not found


def test_every_check_of_the_models_is_in_the_database(engine: Engine) -> None:
    """Alembic does not compare these."""
    seen = inspect(engine)
    found = {name: sorted(str(check["name"]) for check in seen.get_check_constraints(name)) for name in _tables(engine)}
    assert found == {table.name: _checks(table) for table in Base.metadata.sorted_tables}


def test_up_down_and_up_again(bare_database: Database, bare_engine: Engine) -> None:
    schema.upgrade(bare_database.url)
    first = _shape(bare_engine)
    command.downgrade(schema.configuration(bare_database.url), "base")
    assert not _tables(bare_engine)
    schema.upgrade(bare_database.url)
    assert _shape(bare_engine) == first


def _tables(engine: Engine) -> list[str]:
    return sorted(set(inspect(engine).get_table_names()) - BOOKKEEPING)


def _checks(table: Table) -> list[str]:
    return sorted(str(each.name) for each in table.constraints if isinstance(each, CheckConstraint))


def _shape(engine: Engine) -> dict[str, Any]:
    """Columns, indexes and triggers by table."""
    with engine.connect() as connection:
        seen = inspect(connection)
        columns = {
            table: ([column["name"] for column in seen.get_columns(table)], _indexes(seen, table))
            for table in seen.get_table_names()
        }
        return {**columns, "triggers": _triggers(connection)}


def _indexes(seen: Any, table: str) -> list[str]:
    return sorted(str(index["name"]) for index in seen.get_indexes(table))


def _triggers(connection: Connection) -> list[str]:
    where = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return sorted(row[0] for row in connection.execute(text(where[connection.dialect.name])))
