"""The country to measure with: invented cases in a database of either kind, made once, kept in var/bench, and copied for
each run, so that what one run writes no other one finds."""

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine, text

from bench import report
from scripts import portal, postgres
from scripts.parts import ROOT, Parts, free_ports

KEPT = ROOT / "var" / "bench"
SOURCES = ("migrations/versions", "demo", "app/calendars", "app/cases/lists")
"""Of the rows: the tables, who and what is invented, and the days and limits that dates follow from."""
DURABLE = ["listen_addresses="]
"""PostgreSQL as it comes: what is committed is on the disk, and autovacuum runs."""
SEED = 1
Environment = dict[str, str]


@contextmanager
def country(kind: str, cases: int) -> Iterator[Environment]:
    """The environment of a portal of this country, on a copy and on free ports; its PostgreSQL runs until the end. `kind`
    is sqlite or postgresql."""
    kept = _kept(kind, cases)
    with _folder("run") as folder:
        subprocess.run(["cp", "-a", "--reflink=auto", f"{kept}/.", folder], check=True)
        with _portal(kind, folder) as environment:
            yield {name: text for name, text in environment.items() if name != "DEMONSTRATION"}


def _kept(kind: str, cases: int) -> Path:
    """Its folder; made anew where it was made otherwise, or for another schema."""
    kept, wanted = KEPT / f"{kind}-{cases}", _note(cases)
    if _noted(kept) != wanted:
        report.say(f"{cases} cases on {kind}: made once, kept in {kept.relative_to(ROOT)}")
        with _folder("making") as folder:
            _make(kind, wanted, folder)
            (folder / "note.json").write_text(json.dumps(wanted))
            shutil.rmtree(kept, ignore_errors=True)
            folder.rename(kept)
    return kept


def _note(cases: int) -> dict[str, list[str]]:
    """What the rows follow from. The day is the first of the month: never one to come, and a month's runs share it."""
    day = datetime.now(UTC).date().replace(day=1)
    return {
        "filling": _filling(cases, day.isoformat()),
        "sources": [_digest(ROOT / folder) for folder in SOURCES],
    }


def _digest(folder: Path) -> str:
    """Of the programs and lists in it."""
    files = sorted(each for each in folder.rglob("*") if each.suffix in {".py", ".csv"})
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


def _filling(cases: int, day: str) -> list[str]:
    """The command, after `python -m`."""
    return ["flask", "--app", "wsgi", "demo", "--cases", str(cases), "--seed", str(SEED), "--today", day]


def _noted(kept: Path) -> object:
    with suppress(FileNotFoundError):
        return json.loads((kept / "note.json").read_text())
    return None


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """One beside what is kept, gone afterwards."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=KEPT))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(kind: str, wanted: dict[str, list[str]], folder: Path) -> None:
    with _portal(kind, folder) as environment:
        portal.prepare(environment, with_people=False)
        filling = [sys.executable, "-m", *wanted["filling"]]
        subprocess.run(filling, cwd=ROOT, env=environment, check=True, stdout=sys.stderr)
        if kind == "postgresql":
            _write_down(environment["DATABASE_URL"])


@contextmanager
def _portal(kind: str, folder: Path) -> Iterator[Environment]:
    """The environment of a demonstration in this folder, its PostgreSQL running."""
    parts, url = Parts(folder / "postgresql.log"), None
    try:
        if kind == "postgresql":
            postgres.start(folder, parts, DURABLE)
            url = f"postgresql+psycopg://waharoa@/postgres?host={folder}"
        environment = portal.demonstration_environment(folder, portal.Ports(*free_ports(3)), url)
        yield {name: text for name, text in environment.items() if name != "PYTHONWARNINGS"}
    finally:
        parts.end(signal.SIGINT)


def _write_down(url: str) -> None:
    """So that it ends at once, and a copy begins with nothing to make up for."""
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CHECKPOINT"))
