"""Runs migrations on SQLite and PostgreSQL, each in one transaction."""

from alembic import context
from sqlalchemy import create_engine

import app.cases.models
import app.core.events
import app.core.jobs
import app.core.once
import app.core.seen
import app.people.models
import app.referrals.models
import app.students.models  # noqa: F401  (the imports fill Base.metadata)
from app.core.db import Base

url = context.config.get_main_option("sqlalchemy.url") or ""
engine = create_engine(url, connect_args={"isolation_level": None} if url.startswith("sqlite") else {})

with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")  # batch mode would cascade into children
        connection.rollback()
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
