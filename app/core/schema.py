"""The database's schema: brought to head by one command, and asked whether it is there."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.core.db import db

MIGRATIONS = Path(__file__).parent.parent.parent / "migrations"


def configuration(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Migrate to head."""
    command.upgrade(configuration(url), "head")


def is_at_head() -> bool:
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    return MigrationContext.configure(db.session.connection()).get_current_revision() == head
