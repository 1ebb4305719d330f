"""Rows into the database by its own fastest way, in the transaction that is open."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Date, DateTime, Table, text
from sqlalchemy.types import TypeDecorator

Rows = Sequence[Sequence[Any]]
CACHE_KIB = 200_000


def writer(connection: Connection) -> Callable[[Table, Rows], None]:
    """Of this database."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        return lambda table, rows: _copy(driver, table, rows)
    driver.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    return lambda table, rows: _insert(driver, table, rows)


def finish(connection: Connection, last_ids: dict[str, int]) -> None:
    """The planner knows how much there is, and PostgreSQL's sequences go on after the ids that were written."""
    if connection.dialect.name == "postgresql":
        for table in last_ids:
            sequence = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608 (names of tables)
            connection.execute(text(sequence))
    connection.execute(text("ANALYZE"))


def _copy(driver: Any, table: Table, rows: Rows) -> None:
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(table.c.keys())}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _insert(driver: Any, table: Table, rows: Rows) -> None:
    marks = ", ".join("?" * len(table.c))
    statement = f"INSERT INTO {table.name} ({', '.join(table.c.keys())}) VALUES ({marks})"  # noqa: S608 (names of tables)
    driver.executemany(statement, map(_as_sqlite(table), rows))


def _as_sqlite(table: Table) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Times and dates as SQLAlchemy writes them; everything else goes as it is."""
    instants = [number for number, column in enumerate(table.c) if isinstance(_type(column), DateTime)]
    dates = [number for number, column in enumerate(table.c) if isinstance(_type(column), Date)]

    def converted(row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for number in instants:
            if values[number] is not None:
                values[number] = _instant(values[number])
        for number in dates:
            if values[number] is not None:
                values[number] = values[number].isoformat()
        return values

    return converted


def _type(column: Any) -> Any:
    return column.type.impl if isinstance(column.type, TypeDecorator) else column.type


@lru_cache(10_000)
def _instant(value: datetime) -> str:
    """Most moments stand in many rows."""
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]
