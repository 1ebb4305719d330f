"""Reading a database as it was at one moment, table by table, to its hashes."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from app.backup.manifest import Table
from app.backup.streams import NotDone

WRAP = 1 << 256


class Reader(ABC):
    """One moment of a database."""

    @property
    @abstractmethod
    def server(self) -> str: ...
    @abstractmethod
    def ask(self, question: str) -> Iterator[tuple[object, ...]]: ...
    @abstractmethod
    def tables(self) -> dict[str, list[str]]:
        """Each table with its columns, both sorted."""

    @abstractmethod
    def rows(self, table: str, columns: list[str]) -> Iterator[str]:
        """Each row as a text that is the same wherever the row is."""

    @abstractmethod
    def triggers(self) -> set[str]: ...

    def digests(self, columns: dict[str, list[str]] | None = None) -> dict[str, Table]:
        """Of every table, or of these columns."""
        return {name: _sum(self.rows(name, found)) for name, found in (columns or self.tables()).items()}

    def revision(self) -> str:
        if "alembic_version" not in self.tables():
            raise NotDone("The database has no schema yet: run `flask db-upgrade`.")
        return str(next(self.ask("SELECT version_num FROM alembic_version"))[0])

    def files(self) -> Iterator[tuple[str, str]]:
        """Key and hash of every file that has a row, but for those deleted as infected; a schema before files has none."""
        if "stored_file" in self.tables():
            wanted = "SELECT key, kept_sha256 FROM stored_file WHERE scan <> 'infected' ORDER BY id"
            for key, sha256 in self.ask(wanted):
                yield str(key), str(sha256)


@dataclass(frozen=True)
class Snapshot:
    """A copy in a file, and a reader of exactly what is in it."""

    file: Path
    reader: Reader


class Database(Protocol):
    """What backup and restore need of either kind."""

    @property
    def kind(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def beside(self) -> Path:
        """A folder for what is made of it in passing."""

    def snapshot(self, folder: Path) -> AbstractContextManager[Snapshot]: ...
    def reading(self) -> AbstractContextManager[Reader]: ...
    def refuse_unless_empty(self) -> None: ...
    def load(self, source: IO[bytes]) -> None: ...
    def temporary(self, folder: Path) -> AbstractContextManager["Database"]:
        """An empty one beside it, which goes afterwards."""

    def copied(self, folder: Path) -> AbstractContextManager["Database"]:
        """A copy of it as it is now, which goes afterwards."""


def _sum(rows: Iterator[str]) -> Table:
    count = total = 0
    for row in rows:
        total += int.from_bytes(hashlib.sha256(row.encode()).digest(), "big")
        count += 1
    return Table(count, f"{total % WRAP:064x}")
