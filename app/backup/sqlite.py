"""A SQLite database, copied while it is written to, and put back."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from app.backup.reading import Reader, Snapshot
from app.backup.streams import CHUNK, NotDone, make_lasting


class Reading(Reader):
    """A file that nobody writes to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def server(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def ask(self, question: str) -> Iterator[tuple[object, ...]]:
        yield from self._connection.execute(question)

    def tables(self) -> dict[str, list[str]]:
        names = [str(name) for (name,) in self.ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        ours = [name for name in names if not name.startswith("sqlite_")]
        return {name: self._columns(name) for name in ours}

    def rows(self, table: str, columns: list[str]) -> Iterator[str]:
        named = ", ".join(f'"{column}"' for column in columns)
        question = f'SELECT {named} FROM "{table}"'  # noqa: S608 (names from the database's own list)
        yield from map(repr, self.ask(question))

    def triggers(self) -> set[str]:
        return {str(name) for (name,) in self.ask("SELECT name FROM sqlite_master WHERE type = 'trigger'")}

    def _columns(self, table: str) -> list[str]:
        return sorted(str(row[1]) for row in self.ask(f'PRAGMA table_info("{table}")'))


class Sqlite:
    """The database in one file."""

    kind = "sqlite"

    def __init__(self, file: Path) -> None:
        self.file = file

    @property
    def url(self) -> str:
        return f"sqlite:///{self.file}"

    @property
    def beside(self) -> Path:
        return self.file.parent

    @contextmanager
    def snapshot(self, folder: Path) -> Iterator[Snapshot]:
        """SQLite's online backup in one step: those who write go on, those who read see nothing of it."""
        copy = folder / "database"
        if not self.file.is_file():
            raise NotDone(f"There is no database at {self.file}.")
        with closing(sqlite3.connect(self.file, timeout=60)) as live, closing(sqlite3.connect(copy)) as target:
            _copy(live, target)
        with self._reading(copy) as reader:
            if (found := [row[0] for row in reader.ask("PRAGMA integrity_check(5)")]) != ["ok"]:
                raise NotDone(f"The database is damaged, nothing was backed up: {'; '.join(map(str, found))}")
            yield Snapshot(copy, reader)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        with self._reading(self.file) as reader:
            yield reader

    def refuse_unless_empty(self) -> None:
        if not self.file.exists():
            return
        with self.reading() as reader:
            if reader.tables():
                raise NotDone(
                    f"There is a database at {self.file} already; a backup is restored into an empty place only. "
                    "Move that file and what lies beside it (-wal, -shm) away, or name another in DATABASE_URL."
                )

    def load(self, source: IO[bytes]) -> None:
        """Whole or not at all: written beside its place, then put there in one step; on the disk before this returns."""
        coming = self.file.with_name(f".{self.file.name}.coming")
        with os.fdopen(os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            shutil.copyfileobj(source, target, CHUNK)
        make_lasting(coming)
        for left in ("-wal", "-shm"):
            self.file.with_name(self.file.name + left).unlink(missing_ok=True)
        coming.replace(self.file)
        make_lasting(self.file.parent)

    @contextmanager
    def temporary(self, folder: Path) -> Iterator["Sqlite"]:
        """Another place, which goes with its folder."""
        yield Sqlite(folder / "rehearsed.sqlite")

    @contextmanager
    def copied(self, folder: Path) -> Iterator["Sqlite"]:
        with self.snapshot(folder) as snapshot:
            copy = Sqlite(snapshot.file)
        yield copy

    @contextmanager
    def _reading(self, file: Path) -> Iterator[Reader]:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as connection:
            connection.execute("BEGIN")
            yield Reading(connection)


def _copy(live: sqlite3.Connection, target: sqlite3.Connection) -> None:
    try:
        live.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise NotDone(
            f"The database could not be copied: {error}. Is there room on the disk for a second one? No file was made."
        ) from error
