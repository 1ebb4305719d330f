"""The hour and the day of an instant, on both databases, so that a database counts what happened in each."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Date, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.core.clock import PACIFIC_AUCKLAND
from app.core.connections import NZ_DAY


class hour_of(FunctionElement[Any]):  # noqa: N801 (it stands in statements where a function of SQL would)
    """Of an `Instant`: its hour in UTC, as `2026-03-03 01`; every hour in New Zealand is one of those."""

    type = String()
    inherit_cache = True


@compiles(hour_of)
def _to_char(element: hour_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **how)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


@compiles(hour_of, "sqlite")
def _substr(element: hour_of, compiler: SQLCompiler, **how: Any) -> str:
    """SQLite keeps an instant as a text."""
    return f"substr({compiler.process(element.clauses, **how)}, 1, 13)"


class nz_day_of(FunctionElement[Any]):  # noqa: N801
    """Of an `Instant`: its day in New Zealand (CAL-4)."""

    type = Date()
    inherit_cache = True


@compiles(nz_day_of)
def _at_time_zone(element: nz_day_of, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **how)} AT TIME ZONE '{PACIFIC_AUCKLAND}' AS DATE)"


@compiles(nz_day_of, "sqlite")
def _asked_of_us(element: nz_day_of, compiler: SQLCompiler, **how: Any) -> str:
    """SQLite knows no zones."""
    return f"{NZ_DAY}({compiler.process(element.clauses, **how)})"


def beginning(hour: str) -> datetime:
    """When it began."""
    return datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
