"""Runs migrations on SQLite and PostgreSQL, all of them in one transaction."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event

import app.announcements.models
import app.attendance.calendars.models
import app.attendance.marks.models
import app.attendance.models
import app.attendance.prompts.models
import app.attendance.star.models
import app.attendance.tallies.models
import app.cases.agencies.models
import app.cases.barriers.models
import app.cases.diary.models
import app.cases.disclosures.models
import app.cases.entries
import app.cases.meetings.models
import app.cases.migrated.models
import app.cases.models
import app.cases.pauses.models
import app.cases.plans.models
import app.cases.statuses.models
import app.cases.tasks.models
import app.cases.transfers.models
import app.cases.work.models
import app.core.events
import app.core.files.stored
import app.core.jobs
import app.core.kept
import app.core.once
import app.core.seen
import app.initiatives.models
import app.letters.batches.models
import app.letters.emails.models
import app.letters.holds
import app.letters.models
import app.letters.rulings
import app.letters.steps
import app.letters.wordings.models
import app.people.models
import app.people.role_requests.models
import app.people.telling.models
import app.problems.models
import app.referrals.models
import app.students.models
import app.students.records.models
import app.students.siblings.models  # noqa: F401  (the imports fill Base.metadata)
from app.core.db import Base

url = context.config.get_main_option("sqlalchemy.url") or ""
is_sqlite = url.startswith("sqlite")
engine = create_engine(url, connect_args={"isolation_level": None} if is_sqlite else {})


def let_tables_be_rebuilt(connection: Any, _record: object) -> None:
    """Batch mode drops the old table, which would take its children along. SQLite heeds this outside a transaction
    only, hence here: after core.db has turned it on, before anything has begun. The connection is ours alone."""
    connection.execute("PRAGMA foreign_keys=OFF")


def refuse_orphans(connection: Connection) -> None:
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if found:
        tables = sorted({f"{child} → {parent}" for child, _, parent, _ in found})
        raise RuntimeError(f"{len(found)} rows would point at nothing ({', '.join(tables)}): nothing was migrated.")


if is_sqlite:
    event.listen(engine, "connect", let_tables_be_rebuilt)
try:
    with engine.connect().execution_options(is_write=True) as connection, connection.begin():
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            refuse_orphans(connection)
finally:
    engine.dispose()
