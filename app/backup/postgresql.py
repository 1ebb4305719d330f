"""A PostgreSQL database, by pg_dump and pg_restore; the password goes to them in the environment only."""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import IsolationLevel, sql
from sqlalchemy import make_url

from app.backup.programs import argument, conninfo, environment, find_program, refuse_failure
from app.backup.reading import Reader, Snapshot
from app.backup.streams import CHUNK, NotDone
from app.core.jobs import SCHEMA as QUEUE

SAME_EVERYWHERE = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex -c search_path=public"
AT_ONCE = 2000
REHEARSAL = "REHEARSAL_DATABASE_URL"


class Reading(Reader):
    """One transaction, which sees the database as it was when it began."""

    def __init__(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        self._connection = connection

    @property
    def server(self) -> str:
        return f"PostgreSQL {next(self.ask('SHOW server_version'))[0]}"

    def ask(self, question: str) -> Iterator[tuple[object, ...]]:
        if not question.startswith("SELECT"):
            yield from self._connection.execute(question.encode())
            return
        with self._connection.cursor(f"r{secrets.token_hex(4)}") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(question.encode())

    def tables(self) -> dict[str, list[str]]:
        columns = (
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found: dict[str, list[str]] = {}
        for table, column in sorted((str(table), str(column)) for table, column in self.ask(columns)):
            found.setdefault(table, []).append(column)
        return found

    def rows(self, table: str, columns: list[str]) -> Iterator[str]:
        named = ", ".join(f'"{column}"' for column in columns)
        question = f'SELECT ROW({named})::text FROM "{table}"'  # noqa: S608 (names from the database's own list)
        yield from (str(text) for (text,) in self.ask(question))

    def triggers(self) -> set[str]:
        return {str(name) for (name,) in self.ask("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}

    def export(self) -> str:
        return str(next(self._connection.execute(b"SELECT pg_export_snapshot()"))[0])

    @property
    def major(self) -> int:
        return self._connection.info.server_version // 10000


class Postgresql:
    """The database behind a DATABASE_URL."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self.beside = Path(tempfile.gettempdir())
        self._at = make_url(url)

    @contextmanager
    def snapshot(self, folder: Path) -> Iterator[Snapshot]:
        """pg_dump and we look at the same snapshot: counts and hashes are those of the dump."""
        with self._reading() as reader:
            file = folder / "database"
            with file.open("wb") as target, self._dumping(reader, stdout=target):
                pass
            yield Snapshot(file, reader)

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        with self._reading() as reader:
            yield reader

    def refuse_unless_empty(self) -> None:
        with self.reading() as reader:
            if reader.tables():
                raise NotDone(
                    f"The database {self._at.database} has tables already; a backup is restored into an empty one "
                    "only. Make an empty database (createdb) and name it in DATABASE_URL."
                )

    def load(self, source: IO[bytes]) -> None:
        """In one transaction: whole or not at all."""
        with self._reading() as reader:
            program = find_program("pg_restore", reader.major)
        quietly = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        command = [program, *quietly, "--dbname", argument(self._at)]
        with subprocess.Popen(  # noqa: S603 (our own arguments)
            command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(self._at)
        ) as running:
            assert running.stdin is not None  # noqa: S101 (for the types; it was asked for)
            assert running.stderr is not None  # noqa: S101
            try:
                with running.stdin:
                    shutil.copyfileobj(source, running.stdin, CHUNK)
            except BrokenPipeError:
                pass  # what it says is told below
            said = running.stderr.read().decode(errors="replace")
        refuse_failure(program, running.returncode, said)

    @contextmanager
    def temporary(self, _folder: Path) -> Iterator["Postgresql"]:
        """A database of its own on the same server, dropped afterwards; or the one that the environment names."""
        if named := os.environ.get(REHEARSAL):
            with Postgresql(named).borrowed() as lent:
                yield lent
            return
        name = f"waharoa_rehearsal_{secrets.token_hex(4)}"
        with self._connected(autocommit=True) as connection:
            _create(connection, name)
            try:
                yield Postgresql(self._at.set(database=name).render_as_string(hide_password=False))
            finally:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def borrowed(self) -> Iterator["Postgresql"]:
        """Empty before, and emptied afterwards."""
        self.refuse_unless_empty()
        try:
            yield self
        finally:
            with self.reading() as reader:
                tables = list(reader.tables())
            with self._connected() as connection:
                for table in tables:
                    connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier(table)))
                connection.execute("DROP FUNCTION IF EXISTS append_only")

    @contextmanager
    def copied(self, folder: Path) -> Iterator["Postgresql"]:
        with self.temporary(folder) as copy:
            with self._reading() as reader, self._dumping(reader, stdout=subprocess.PIPE) as stream:
                assert stream is not None  # noqa: S101 (for the types; it was asked for)
                copy.load(stream)
            yield copy

    @contextmanager
    def _dumping(self, reader: Reading, *, stdout: IO[bytes] | int) -> Iterator[IO[bytes] | None]:
        """The queue is left out: what is in it may be lost at any time."""
        program = find_program("pg_dump", reader.major)
        what = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={QUEUE}"]
        command = [program, *what, f"--snapshot={reader.export()}", "--dbname", argument(self._at)]
        with subprocess.Popen(  # noqa: S603 (our own arguments)
            command, stdout=stdout, stderr=subprocess.PIPE, env=environment(self._at)
        ) as running:
            yield running.stdout
            assert running.stderr is not None  # noqa: S101 (for the types; it was asked for)
            said = running.stderr.read().decode(errors="replace")
        refuse_failure(program, running.returncode, said)

    @contextmanager
    def _reading(self) -> Iterator[Reading]:
        with self._connected() as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield Reading(connection)

    @contextmanager
    def _connected(self, **how: Any) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        try:
            made = psycopg.connect(conninfo(self._at), options=SAME_EVERYWHERE, **how)
        except psycopg.OperationalError as error:
            raise NotDone("The database cannot be reached: is it running, and is DATABASE_URL right?") from error
        with made:
            yield made


def _create(connection: psycopg.Connection[Any], name: str) -> None:
    make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
    try:
        connection.execute(sql.SQL(make).format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise NotDone(
            "A rehearsal needs an empty database, and this user may not make one. Allow it (ALTER ROLE … CREATEDB), or "
            f"make an empty one and name it in the environment as {REHEARSAL}."
        ) from error
