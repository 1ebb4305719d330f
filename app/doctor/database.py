"""The database itself: there, sound, at the newest schema, its clock ours."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.core.schema import is_at_head
from app.doctor.findings import Finding, Patient, good, mend, size_in_words, span_in_words

ABOUT = "database"
SKEW = timedelta(seconds=30)


def is_there(_patient: Patient) -> Iterable[Finding]:
    """Raises where it cannot be reached."""
    return _sqlite() if _is_sqlite() else _postgresql()


def schema(_patient: Patient) -> Iterable[Finding]:
    if is_at_head():
        yield good("schema", "the newest")
    else:
        yield mend("schema", "not the newest", "run: flask db-upgrade (rehearse it before: flask rehearse-upgrade)")


def clocks(_patient: Patient) -> Iterable[Finding]:
    """Ours against the database's, and against what it has already seen."""
    now = clock.now()
    if not _is_sqlite():
        theirs = db.session.execute(text("SELECT clock_timestamp()")).scalar_one()
        if abs(theirs - now) > SKEW:
            yield mend(
                "clock",
                f"{span_in_words(abs(theirs - now))} off the database server’s",
                "set both by NTP (install systemd-timesyncd)",
            )
    latest = db.session.scalar(select(func.max(Audit.at)))
    if latest and latest - now > SKEW:
        yield mend(
            "clock",
            f"the newest thing that happened is {span_in_words(latest - now)} in the future: the clock is slow, or was fast",
            "set it by NTP (install systemd-timesyncd), then look again",
        )
    yield good("clock", f"in New Zealand it is {clock.nz(now):%A %-d %B %Y, %H:%M}")


def _sqlite() -> Iterable[Finding]:
    file = Path(db.engine.url.database or "")
    if faults := _faults():
        yield mend(
            ABOUT,
            f"damaged: {'; '.join(faults)}",
            "end the portal, keep a copy of the file, and restore the last good backup: flask restore",
        )
        return
    version, mode = (_one("SELECT sqlite_version()"), _one("PRAGMA journal_mode"))
    if mode != "wal":
        yield mend(
            ABOUT, f"its journal is {mode}, not wal", "put the file on a local disk: a network disk cannot hold it"
        )
    yield good(ABOUT, f"SQLite {version}, {size_in_words(file.stat().st_size)}, sound")


def _faults() -> list[str]:
    try:
        found = [str(row[0]) for row in db.session.execute(text("PRAGMA quick_check(3)"))]
    except DatabaseError as error:
        if isinstance(error, OperationalError):
            raise
        return [str(error.orig)]
    return [] if found == ["ok"] else found


def _postgresql() -> Iterable[Finding]:
    version, size = _one("SHOW server_version"), int(_one("SELECT pg_database_size(current_database())"))
    if (encoding := _one("SHOW server_encoding")) != "UTF8":
        yield mend(
            ABOUT, f"its encoding is {encoding}", "make a database with encoding UTF8, and restore a backup there"
        )
    yield good(ABOUT, f"PostgreSQL {version.split()[0]}, {size_in_words(size)}")


def _one(question: str) -> str:
    return str(db.session.execute(text(question)).scalar_one())


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
