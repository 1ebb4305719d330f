"""The database, SQLite or PostgreSQL: types that work on both, transactions, and the engine's settings."""

from datetime import UTC, datetime
from enum import StrEnum
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    TypeDecorator,
    bindparam,
    literal,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.core import clock, connections

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
DUE = "due"

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

db = SQLAlchemy()


class Instant(TypeDecorator[datetime]):
    """An aware UTC time with microseconds; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are aware: take them from core.clock")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NOW: Any = bindparam("now", type_=Instant, callable_=lambda: clock.now())  # noqa: PLW0108 (whatever clock.now is by then)
TODAY: Any = bindparam("today", type_=Date, callable_=clock.today)
"""What the clock says when the statement is asked, however long ago it was built."""


class Base(DeclarativeBase):
    """Every table's base: named constraints, aware times."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: Instant}


def word(kind: type[StrEnum], check: str = "") -> Enum:
    """An enum column stored by value with a named CHECK, the same on both databases; `check` names it where a table
    has two columns of one kind."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=check or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def _end_in_one_thread(app: Flask) -> None:
    """After each request the extension would start a thread with an event loop, to close sessions of a kind we have none of."""
    endings = app.teardown_appcontext_funcs
    endings[:] = [ending for ending in endings if not iscoroutinefunction(ending)]


def only_where(condition: str) -> dict[str, Any]:
    """For an Index of some rows only, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def sort_text(length: int) -> String:
    """Text compared byte by byte on both databases: for keys that are sorted or scanned by prefix."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class unsought(FunctionElement[Any]):  # noqa: N801 (it stands in statements where a function of SQL would)
    """This column, by which SQLite looks no rows up but tests those it has: an index of it would be worse than the order
    that a statement walks in."""

    inherit_cache = True


@compiles(unsought)
def _as_it_is(element: unsought, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(unsought, "sqlite")
def _plus(element: unsought, compiler: SQLCompiler, **how: Any) -> str:
    """As https://sqlite.org/optoverview.html has it, "Disqualifying WHERE Clause Terms Using Unary +"."""
    return f"+{compiler.process(element.clauses, **how)}"


class days_before(FunctionElement[Any]):  # noqa: N801
    """A column of dates, so many days earlier."""

    type = Date()
    inherit_cache = True

    def __init__(self, column: Any, days: int) -> None:
        super().__init__(column, literal(days, Integer))


@compiles(days_before)
def _minus(element: days_before, compiler: SQLCompiler, **how: Any) -> str:
    column, days = element.clauses
    return f"({compiler.process(column, **how)} - CAST({compiler.process(days, **how)} AS INTEGER))"


@compiles(days_before, "sqlite")
def _date_minus(element: days_before, compiler: SQLCompiler, **how: Any) -> str:
    """SQLite keeps a date as a text, and answers with one."""
    column, days = element.clauses
    return f"date({compiler.process(column, **how)}, '-' || {compiler.process(days, **how)} || ' days')"


def set_up(app: Flask, url: str) -> None:
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, **connections.options(url)}}
    db.init_app(app)
    _end_in_one_thread(app)
    app.teardown_appcontext(_roll_back)


def inserting(table: type[Base] | Table) -> Any:
    """An INSERT with ON CONFLICT, in the words of the database that there is."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def begin_write() -> None:
    """End the reading transaction and open a writing one: on SQLite it takes the write lock at once."""
    db.session.rollback()
    db.session.connection(execution_options={"is_write": True})


def mark_due() -> None:
    """There is something for the worker once this transaction is kept."""
    db.session.info[DUE] = True


def is_anything_due() -> bool:
    """Of what this session wrote; asked once, by whoever keeps it."""
    return bool(db.session.info.pop(DUE, False))


def _roll_back(_error: BaseException | None) -> None:
    db.session.rollback()
