"""How the database goes about a statement."""

import re

from app.core.db import db


def is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def reads_through(line: str, table: str) -> bool:
    """Does this line of a plan read the whole table? SQLite says SCAN then, and SEARCH where it has something to begin with;
    PostgreSQL reads an index through where it has no condition on it, and says so on the next line only."""
    return re.match(rf"SCAN {table}(_\d+)?( |$)", line) is not None or f"Seq Scan on {table} " in line
