"""Connections to SQLite and PostgreSQL: how they are opened, how a transaction begins, and whether they are still there."""

import time
from datetime import UTC, datetime
from select import POLLIN, poll
from typing import Any

import psycopg
from psycopg._preparing import PrepareManager
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import Pool

from app.core import clock

BUSY_MILLISECONDS = 10_000
"""How long a write waits for another one."""
CONNECT_SECONDS = 5
RANDOM_PAGE_COST = 1.1
"""PostgreSQL takes a disk for one that turns, unless it is told otherwise, and reads tables through that it need not."""
OF_POSTGRESQL = f"-c random_page_cost={RANDOM_PAGE_COST} -c jit=off"
"""A statement of ours takes milliseconds; to compile one first, where its cost is guessed too high, takes seconds."""
BELIEVED_SECONDS = 1.0
"""For so long after it was last used PostgreSQL is believed to be there, unless it has said otherwise."""
GONE_MILLISECONDS = 10_000
"""After this long without a sign from PostgreSQL's machine its connections are given up."""

NZ_DAY = "nz_day"
"""A function that SQLite is given: the day in New Zealand of an instant as it is kept there."""


def options(url: str) -> dict[str, Any]:
    """No error quotes the values of its statement: they are about people. Nobody waits for minutes."""
    if url.startswith("sqlite"):
        connecting: dict[str, Any] = {"timeout": BUSY_MILLISECONDS / 1000, "isolation_level": None}
        return {"hide_parameters": True, "connect_args": connecting}
    connecting = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": GONE_MILLISECONDS,
        "options": f"-c lock_timeout={BUSY_MILLISECONDS} {OF_POSTGRESQL}",
    }
    pool = {"pool_size": 4, "max_overflow": 4, "pool_timeout": 10}
    return {"hide_parameters": True, "connect_args": connecting, **pool}


class _Lasting(PrepareManager):
    """Statements that PostgreSQL has planned once stay planned. The driver forgets all of them at each ROLLBACK, lest a
    table had been dropped in between; every request of ours ends with one, and none drops a table."""

    def clear(self) -> bool:
        return False


@event.listens_for(Engine, "connect")
def _set_up(connection: Any, _record: Any) -> None:
    if isinstance(connection, psycopg.Connection):
        connection._prepared = _Lasting()  # noqa: SLF001 (the driver has no other door)
        return
    for setting in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={BUSY_MILLISECONDS}"):
        connection.execute(f"PRAGMA {setting}")
    connection.create_function(NZ_DAY, 1, _nz_day, deterministic=True)


def _nz_day(kept: str | None) -> str | None:
    return clock.nz(datetime.fromisoformat(kept).replace(tzinfo=UTC)).date().isoformat() if kept else None


@event.listens_for(Pool, "checkout")
def _ping(connection: Any, record: Any, _given: Any) -> None:
    """PostgreSQL may have gone since it was last heard of. To ask each time would cost as much as a statement; one that
    was ended has said so, and that lies there to be read."""
    if not isinstance(connection, psycopg.Connection):
        return
    try:
        if _is_long_ago(record) or _has_said_more(connection):
            connection.autocommit = True
            connection.execute(";")
            connection.autocommit = False
    except psycopg.Error as gone:
        raise DisconnectionError from gone


def _is_long_ago(record: Any) -> bool:
    return bool(time.monotonic() - record.info.get("heard", 0) > BELIEVED_SECONDS)


def _has_said_more(connection: Any) -> bool:
    there = poll()
    there.register(connection.fileno(), POLLIN)
    return bool(there.poll(0))


@event.listens_for(Pool, "checkin")
def _heard(_connection: Any, record: Any) -> None:
    record.info["heard"] = time.monotonic()


@event.listens_for(Engine, "handle_error")
def _plan_again(failed: Any) -> None:
    """A column became of another type while we ran: what was planned for the old one is given up with its connection."""
    if isinstance(failed.original_exception, psycopg.errors.FeatureNotSupported):
        failed.is_disconnect = True


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        is_write = connection.get_execution_options().get("is_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
