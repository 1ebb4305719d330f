"""The database's schema: brought to head by one command, and asked whether it is there."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.core import connections
from app.core.db import db
from app.core.planning import look_through

UNCHANGED = "CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
UNDELETED = "CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'append-only'); END"
REFUSAL = """CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
ROWS_REFUSED = """CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION append_only()"""
TABLE_REFUSED = """CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION append_only()"""
KEPT = """CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table} WHEN OLD.{once} IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'append-only'); END"""
KEPT_WHOLE = """CREATE TRIGGER {table}_kept_whole BEFORE DELETE ON {table} WHEN OLD.{once} IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'append-only'); END"""
ROW_KEPT = """CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table}
    FOR EACH ROW WHEN (OLD.{once} IS NOT NULL) EXECUTE FUNCTION append_only()"""
ROW_KEPT_WHOLE = """CREATE TRIGGER {table}_kept_whole BEFORE DELETE ON {table}
    FOR EACH ROW WHEN (OLD.{once} IS NOT NULL) EXECUTE FUNCTION append_only()"""
KEPT_AS_IT_IS = {"sqlite": (KEPT, KEPT_WHOLE), "postgresql": (REFUSAL, ROW_KEPT, ROW_KEPT_WHOLE)}
APPEND_ONLY = {"sqlite": (UNCHANGED, UNDELETED), "postgresql": (REFUSAL, ROWS_REFUSED, TABLE_REFUSED)}
MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Migrate to head; the database then knows how much there is."""
    command.upgrade(configuration(url), "head")
    engine = create_engine(url, **connections.options(url))
    with engine.connect().execution_options(is_write=True) as connection, connection.begin():
        look_through(connection)
    engine.dispose()


def make_append_only(operations: Any, table: str) -> None:
    """In the database itself: rows of this table are never changed or deleted."""
    for statement in APPEND_ONLY[operations.get_bind().dialect.name]:
        operations.execute(statement.format(table=table))


def keep_as_it_is(operations: Any, table: str, *columns: str, once: str) -> None:
    """In the database itself: once that column is filled these are not changed any more, and the row is not deleted."""
    for statement in KEPT_AS_IT_IS[operations.get_bind().dialect.name]:
        operations.execute(statement.format(table=table, columns=", ".join(columns), once=once))


def change_again(operations: Any, table: str) -> None:
    """The opposite: `keep_as_it_is` is undone."""
    on = f" ON {table}" if operations.get_bind().dialect.name == "postgresql" else ""
    for name in ("kept", "kept_whole"):
        operations.execute(f"DROP TRIGGER {table}_{name}{on}")


def is_at_head() -> bool:
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return MigrationContext.configure(db.session.connection()).get_current_revision() == head
