"""The dump hash: of every row of every table that the country fills, read back, the same on both databases."""

import hashlib
from typing import Any

from sqlalchemy import Boolean, Connection, Date, DateTime, Integer, Table, cast, func, select
from sqlalchemy.types import TypeDecorator

from app.core.db import Base
from demo.country.sheet import TABLES

AT_A_TIME = 2_000


def dump_hash(connection: Connection) -> str:
    """SHA-256 over all tables by name, each by its key."""
    digest = hashlib.sha256()
    for name in sorted(TABLES):
        _add(digest, connection, Base.metadata.tables[name])
    return digest.hexdigest()


def _add(digest: Any, connection: Connection, table: Table) -> None:
    is_text = connection.dialect.name == "postgresql"
    columns = [_canonical(column) if is_text else column for column in table.c]
    statement = select(*columns).order_by(*table.primary_key.columns)
    compiled = str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    digest.update(table.name.encode())
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor(name="dump") if is_text else driver.cursor()
    cursor.execute(compiled)
    while part := cursor.fetchmany(AT_A_TIME):
        digest.update("".join(f"{row!r}\n" for row in part).encode())
    cursor.close()


def _canonical(column: Any) -> Any:
    """As SQLite keeps it."""
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    if isinstance(kind, DateTime):
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    if isinstance(kind, Date):
        return func.to_char(column, "YYYY-MM-DD")
    return cast(column, Integer) if isinstance(kind, Boolean) else column
