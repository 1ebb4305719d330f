"""What the database knows of how much there is, by which it plans how to answer.

PostgreSQL looks by itself. SQLite does not, and forgets what it knew of a table that a migration rebuilds: a statement that
took a millisecond may then read a table through (https://sqlite.org/lang_analyze.html)."""

from datetime import timedelta

from sqlalchemy import Connection, text

from app.core import clock
from app.core.db import begin_write, db
from app.core.jobs import Heartbeat, beat

PART = "planning"
EVERY = timedelta(days=1)
ROWS = "PRAGMA analysis_limit = 1000"
"""So many rows of each index are looked at, however large it is."""


def look_through(connection: Connection) -> None:
    """Every table, after a migration."""
    if connection.dialect.name == "sqlite":
        for statement in (ROWS, "ANALYZE"):
            connection.execute(text(statement))


def look_again_daily() -> None:
    """On SQLite those that have grown since, or were never looked at; at most once a day, whoever asks."""
    last = db.session.get(Heartbeat, PART)
    if db.session.get_bind().dialect.name != "sqlite" or (last and clock.now() - last.at < EVERY):
        return
    db.session.rollback()
    beat(PART)
    begin_write()
    for statement in (ROWS, "PRAGMA optimize = 0x10002"):
        db.session.execute(text(statement))
    db.session.commit()
