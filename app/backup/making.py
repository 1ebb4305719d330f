"""`flask backup`: the database as it is at one moment, then every file its rows name, in one new file."""

import io
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.backup.manifest import DATABASE, MANIFEST, OBJECTS, FileList, Files, Manifest
from app.backup.objects import Objects
from app.backup.places import place, unfinished
from app.backup.reading import Database, Reader, Snapshot
from app.backup.streams import Hashed, NotDone, Readable, Tar, packed, packing
from app.core import clock

Say = Callable[[str], object]
EVERY = 1000


def back_up(database: Database, objects: Objects, file: Path, say: Say) -> Manifest:
    """Nobody has to stop working: files are in the storage before their rows are, so the database comes first."""
    kind = packing(file)
    if file.exists():
        raise NotDone(f"There is a file {file} already, and it was left as it is. Choose another name.")
    with unfinished(file.parent) as folder:
        whole = folder / "whole"
        try:
            with _new(whole) as raw, packed(raw, kind) as stream, Tar.open(fileobj=stream, mode="w|") as tar:
                manifest = _fill(tar, database, objects, folder, say)
        except OSError as error:
            raise NotDone(f"The backup could not be written: {error.strerror or error}. No file was made.") from error
        place(whole, file)
    return manifest


def _fill(tar: Tar, database: Database, objects: Objects, folder: Path, say: Say) -> Manifest:
    say("Copying the database …")
    with database.snapshot(folder) as snapshot:
        say("Counting and summing its rows …")
        tables = snapshot.reader.digests()
        revision, server = snapshot.reader.revision(), snapshot.reader.server
        wanted = _spooled(snapshot.reader, folder)
        made_at = clock.now().isoformat(timespec="seconds")
    say(f"{sum(table.rows for table in tables.values()):,} rows in {len(tables)} tables.")
    files = _add_objects(tar, objects, wanted, say)
    size, sha256 = _add_database(tar, snapshot)
    manifest = Manifest(made_at, database.kind, server, revision, size, sha256, tables, files)
    text = manifest.as_json()
    _add(tar, MANIFEST, len(text), io.BytesIO(text))
    return manifest


def _spooled(reader: Reader, folder: Path) -> Path:
    """The list of files, on disk: the database is not held up while they are copied."""
    spool = folder / "wanted"
    with spool.open("w") as lines:
        for key, sha256 in reader.files():
            lines.write(f"{key} {sha256}\n")
    return spool


def _add_objects(tar: Tar, objects: Objects, spool: Path, say: Say) -> Files:
    added, missing, damaged = FileList(), 0, 0
    for key, sha256 in _listed(spool):
        found = objects.open(key)
        if found is None:
            missing += 1
            continue
        source = _add(tar, OBJECTS + key, *found)
        added.add(key, source.sha256, source.size)
        damaged += source.sha256 != sha256
        if added.count % EVERY == 0:
            say(f"{added.count:,} files …")
    say(f"{added.count:,} files.")
    return added.sum(missing=missing, damaged=damaged)


def _add_database(tar: Tar, snapshot: Snapshot) -> tuple[int, str]:
    with snapshot.file.open("rb") as copy:
        source = _add(tar, DATABASE, os.fstat(copy.fileno()).st_size, copy)
    return source.size, source.sha256


def _add(tar: Tar, name: str, size: int, source: Readable) -> Hashed:
    told = tarfile.TarInfo(name)
    told.size, told.mode = size, 0o600
    hashed = Hashed(source)
    tar.addfile(told, hashed)
    tar.forget()
    return hashed


def _listed(spool: Path) -> Iterator[tuple[str, str]]:
    with spool.open() as lines:
        for line in lines:
            key, _, sha256 = line.strip().partition(" ")
            yield key, sha256


@contextmanager
def _new(file: Path) -> Iterator[io.BufferedWriter]:
    """For this user only."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        yield new
