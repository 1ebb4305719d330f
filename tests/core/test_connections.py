"""Connections to PostgreSQL: a statement that was planned stays planned, whatever became of the transaction."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.core import connections
from tests.support.databases import postgresql_database

OFTEN = 8
"""More often than the driver asks a statement before it has it kept."""
ASKED = text("SELECT name FROM person WHERE id = :person_id")
KEPT = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT name FROM person%'")


@pytest.fixture
def engine(postgresql_template: str) -> Iterator[Engine]:
    with postgresql_database(template=postgresql_template) as url:
        made = create_engine(url, **connections.options(url))
        yield made
        made.dispose()


def ask_often(engine: Engine) -> None:
    """Each time in a transaction of its own that is rolled back, as a request's."""
    for number in range(OFTEN):
        with engine.connect() as connection:
            assert connection.scalar(ASKED, {"person_id": number}) is None


def test_what_was_planned_outlives_a_rollback(engine: Engine) -> None:
    ask_often(engine)
    with engine.connect() as connection:
        assert connection.scalar(KEPT) == 1


def test_a_table_that_changed_meanwhile_is_planned_again(engine: Engine) -> None:
    ask_often(engine)
    change_while_connected(engine, "ALTER TABLE person ADD COLUMN shoe_size INTEGER")
    ask_often(engine)


def test_after_a_column_changed_its_type_one_question_fails_and_the_next_does_not(engine: Engine) -> None:
    ask_often(engine)
    change_while_connected(engine, "ALTER TABLE person ALTER COLUMN name TYPE varchar(200)")
    with pytest.raises(DBAPIError):
        ask_often(engine)
    ask_often(engine)


def change_while_connected(engine: Engine, statement: str) -> None:
    """By a connection of its own, as a migration beside the running portal."""
    with engine.connect() as holder, engine.begin() as elsewhere:
        holder.scalar(ASKED, {"person_id": 0})
        holder.rollback()
        elsewhere.execute(text(statement))
