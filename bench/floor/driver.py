"""The raw driver of either database: a connection a thread, statements prepared once, the portal's own durability."""

import json
import os
import re
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import psycopg

from app.core.connections import OF_POSTGRESQL

URL = os.environ.get("DATABASE_URL", "")
IS_SQLITE = URL.startswith("sqlite")
PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=10000")
AMONG = "IN (SELECT value FROM json_each(:ids))" if IS_SQLITE else "= ANY(:ids)"
"""For a list of ids in one statement."""
UNSOUGHT = "+" if IS_SQLITE else ""
"""Before a column that is only tested: SQLite looks nothing up by it."""
Rows = Sequence[tuple[Any, ...]]
_own = threading.local()


def rows(sql: str, **values: object) -> Rows:
    """Of one statement; outside of `writing` it is a transaction of its own."""
    found: Rows = _execute(sql, values).fetchall()
    return found


def write(sql: str, **values: object) -> None:
    _execute(sql, values)


def write_all(sql: str, rows_of_values: Sequence[dict[str, object]]) -> None:
    """Many rows by one statement, sent together where the driver can."""
    if IS_SQLITE:
        _connection().executemany(sql, map(_in_sqlite, rows_of_values))
    else:
        with _connection().cursor() as cursor:
            cursor.executemany(_in_percent(sql), rows_of_values)


@contextmanager
def writing() -> Iterator[None]:
    connection = _connection()
    connection.execute("BEGIN IMMEDIATE" if IS_SQLITE else "BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def instant(kept: Any) -> datetime:
    """A time as it was kept."""
    return datetime.fromisoformat(kept).replace(tzinfo=UTC) if IS_SQLITE else kept


def day(kept: Any) -> date:
    return date.fromisoformat(kept) if IS_SQLITE else kept


def _execute(sql: str, values: dict[str, object]) -> Any:
    if not IS_SQLITE:
        return _connection().execute(_in_percent(sql), values)
    return _connection().execute(sql, _in_sqlite(values))


def _in_sqlite(values: dict[str, object]) -> dict[str, object]:
    return {name: _for_sqlite(value) for name, value in values.items()}


def _for_sqlite(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, list) else value


@cache
def _in_percent(sql: str) -> str:
    """`:name` as psycopg writes it."""
    return re.sub(r"(?<!:):([a-z_0-9]+)", r"%(\1)s", sql)


def _connection() -> Any:
    if not hasattr(_own, "connection"):
        _own.connection = _sqlite() if IS_SQLITE else _postgresql()
    return _own.connection


def _postgresql() -> Any:
    url = URL.replace("+psycopg", "")
    return psycopg.connect(url, autocommit=True, prepare_threshold=0, options=OF_POSTGRESQL)


def _sqlite() -> Any:
    connection = sqlite3.connect(URL.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
    for each in PRAGMAS:
        connection.execute(f"PRAGMA {each}")
    return connection
