"""Rows into the database by its own fastest way, in the transaction that is open."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Engine, Table, text
from sqlalchemy.types import TypeDecorator

Rows = Sequence[Sequence[Any]]
CACHE_KIB = 200_000


def writer(connection: Connection) -> Callable[[Table, Rows], None]:
    """Of this database; times are written as UTC without saying so, which both understand alike."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        driver.execute("SET LOCAL TIME ZONE 'UTC'")
        return lambda table, rows: _copy(driver, table, _in_words(table, rows))
    driver.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return lambda table, rows: _insert(driver, table, _in_words(table, rows))


def finish(connection: Connection, last_ids: dict[str, int]) -> None:
    """The planner knows how much there is, and PostgreSQL's sequences go on after the ids that were written."""
    if connection.dialect.name == "postgresql":
        for table in last_ids:
            sequence = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608 (names of tables)
            connection.execute(text(sequence))
    connection.execute(text("ANALYZE"))


def settle(engine: Engine) -> None:
    """After the commit: PostgreSQL marks what everybody may see, so that nobody's first page does."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


def _copy(driver: Any, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(table.c.keys())}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(driver: Any, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    marks = ", ".join("?" * len(table.c))
    statement = f"INSERT INTO {table.name} ({', '.join(table.c.keys())}) VALUES ({marks})"  # noqa: S608 (names of tables)
    driver.executemany(statement, rows)


def _in_words(table: Table, rows: Rows) -> Iterable[Sequence[Any]]:
    """Times and dates as SQLAlchemy writes them to SQLite; everything else as it is."""
    columns = list(zip(*rows, strict=True))
    for number, column in enumerate(table.c):
        if isinstance(kind := _type(column), DateTime | Date):
            written = _instant if isinstance(kind, DateTime) else _day
            columns[number] = tuple(value and written(value) for value in columns[number])
    return zip(*columns, strict=True)


def _type(column: Any) -> Any:
    return column.type.impl if isinstance(column.type, TypeDecorator) else column.type


@lru_cache(10_000)
def _instant(value: datetime) -> str:
    """Most moments stand in many rows."""
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


@lru_cache(10_000)
def _day(value: date) -> str:
    return value.isoformat()
