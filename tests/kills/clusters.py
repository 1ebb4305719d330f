"""A PostgreSQL of a test's own that can go away: as safe as it comes, not quick."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import postgres
from scripts.parts import Parts

SETTINGS = ["max_connections=60", "listen_addresses="]


@dataclass
class Cluster:
    """Its address (database `postgres`), and its folder with the data folder `cluster`."""

    url: str
    folder: Path
    parts: Parts

    def go_away(self) -> None:
        """At once: what it was doing is broken off."""
        process = self.parts.running["postgres"]
        process.send_signal(signal.SIGQUIT)
        process.wait()

    def come_back(self) -> None:
        self.parts.restart("postgres")
        postgres.wait_until_ready(self.folder, self.parts)

    def processes(self) -> list[int]:
        """The first, then all that it started."""
        first = self.parts.running["postgres"].pid
        return [first, *children(first)]


@contextmanager
def cluster() -> Iterator[Cluster]:
    with _folder() as (folder, parts):
        postgres.start(folder, parts, SETTINGS)
        yield Cluster(_address(folder), folder, parts)


@contextmanager
def opened_elsewhere(data: Path) -> Iterator[str]:
    """The address of another PostgreSQL, on a copy of this data folder."""
    with _folder() as (folder, parts):
        owner = data.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        shutil.move(data, folder / "cluster")
        (folder / "cluster" / "postmaster.pid").unlink(missing_ok=True)
        command = [str(postgres._programs() / "postgres"), "-D", str(folder / "cluster"), "-k", str(folder)]
        parts.start("postgres", [*command, "-c", "listen_addresses="], os.environ, **postgres._as_user(folder))
        postgres.wait_until_ready(folder, parts)
        yield _address(folder)


def children(pid: int) -> list[int]:
    found = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [*found, *(deeper for each in found for deeper in children(each))]


@contextmanager
def _folder() -> Iterator[tuple[Path, Parts]]:
    folder = Path(tempfile.mkdtemp(prefix="waharoa-pg-"))
    parts = Parts(folder / "log")
    try:
        yield folder, parts
    finally:
        parts.end(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def _address(folder: Path) -> str:
    return f"postgresql+psycopg://waharoa@/postgres?host={folder}"
