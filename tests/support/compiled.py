"""Every app asks the same questions of the same two kinds of database, and has the same addresses: each is compiled once in
this process, not once for each app. A statement that was compiled for one test serves all others, as one serves all requests
of a running portal; and what builds an address from its parts is nine tenths of the making of an app."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_compiled: LRUCache[Any, Any] = LRUCache(5000)
_builders: dict[Any, Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder


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


def _compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """It follows from the words and places of the rule, and is bound to the rule of each app afterwards."""
    if rule.defaults:
        return _compile_builder(rule, append_unknown)
    key = (tuple(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compile_once  # type: ignore[assignment, method-assign]
