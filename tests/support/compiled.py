"""Every app asks the same questions of the same two kinds of database: each is compiled once in this process, not once for
each app. A statement that was compiled for one test serves all others, as one serves all requests of a running portal."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_compiled: LRUCache[Any, Any] = LRUCache(5000)


def _is_alike(one: object, other: object) -> bool:
    return type(one) is type(other)


def _by_kind(dialect: object) -> int:
    return hash(type(dialect))


for _kind in (PGDialect_psycopg, SQLiteDialect_pysqlite):  # what is compiled is looked up by its dialect, too
    setattr(_kind, "__eq__", _is_alike)  # noqa: B010 (a name that mypy lets nobody assign to)
    setattr(_kind, "__hash__", _by_kind)  # noqa: B010


@event.listens_for(Engine, "engine_connect")
def _share(connection: Connection) -> None:
    connection.engine._compiled_cache = _compiled
