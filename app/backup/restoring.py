"""`flask restore`: read the whole file first, then fill an empty place from it, then compare what is there."""

import os
import re
import tarfile
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from app.backup.making import Say
from app.backup.manifest import DATABASE, LARGEST, MANIFEST, OBJECTS, FileList, Manifest, read
from app.backup.objects import Objects
from app.backup.reading import Database
from app.backup.streams import Hashed, NotDone, members
from app.core import schema

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64})?")
DAMAGED = "This backup is damaged: {}. Nothing was written. Take another one."


@dataclass
class _Found:
    """What a backup holds, by its hashes."""

    objects: FileList = field(default_factory=FileList)
    database: tuple[int, str] = (0, "")
    manifest: Manifest | None = None


def check(file: Path, say: Say) -> Manifest:
    """Read all of it, and compare with what it says of itself; nothing is written."""
    say(f"Reading {file.name} …")
    found = _Found()
    with members(file) as each:
        for member, source in each:
            _take_in(found, member, source)
    if found.manifest is None:
        raise NotDone(DAMAGED.format("it is cut off, or no backup of Waharoa"))
    told = found.manifest
    if found.database != (told.size, told.sha256):
        raise NotDone(DAMAGED.format("its database is not what was backed up"))
    if found.objects.sum() != replace(told.files, missing=0, damaged=0):
        raise NotDone(DAMAGED.format("its files are not what was backed up"))
    return told


def restore(file: Path, database: Database, objects: Objects, say: Say) -> Manifest:
    """Into an empty place. The database comes last: while there is none, nothing was restored."""
    manifest = check(file, say)
    _refuse_unfit(manifest, database)
    database.refuse_unless_empty()
    objects.refuse_unless_empty()
    say(f"It is whole, of {manifest.at:%Y-%m-%d %H:%M} UTC: {manifest.rows:,} rows, {manifest.files.count:,} files.")
    with tempfile.TemporaryFile("w+") as written:
        _write(file, database, objects, written, say)
        say("Comparing what is there now with the backup …")
        _compare_objects(objects, written, manifest)
    differing = compare_rows(database, manifest)
    if differing:
        raise NotDone(f"The rows of {', '.join(differing)} are not those of the backup: do not use this database.")
    return manifest


def compare_rows(database: Database, manifest: Manifest) -> list[str]:
    """The tables whose rows are not those of the backup."""
    with database.reading() as reader:
        now = reader.digests()
    return sorted(name for name in now.keys() | manifest.tables.keys() if now.get(name) != manifest.tables.get(name))


def _take_in(found: _Found, member: tarfile.TarInfo, source: IO[bytes]) -> None:
    if found.manifest is not None:
        raise NotDone(DAMAGED.format("it goes on after its end"))
    if member.name == MANIFEST and member.size <= LARGEST:
        found.manifest = read(source.read())
        return
    passed = Hashed(source).drained()
    if member.name == DATABASE:
        found.database = passed.size, passed.sha256
    else:
        found.objects.add(_key(member), passed.sha256, passed.size)


def _key(member: tarfile.TarInfo) -> str:
    """Names in a backup are ours; whatever else is called is refused, and leads nowhere."""
    key = member.name.removeprefix(OBJECTS)
    if not member.name.startswith(OBJECTS) or not KEY.fullmatch(key):
        raise NotDone(f"This is no backup of Waharoa: it holds {member.name!r}. Nothing was written.")
    return key


def _refuse_unfit(manifest: Manifest, database: Database) -> None:
    if manifest.kind != database.kind:
        raise NotDone(
            f"This backup is of a {manifest.kind} database, and DATABASE_URL names one of {database.kind}: nothing "
            "moves data from one kind to the other. Name an empty database of the same kind."
        )
    try:
        ScriptDirectory(str(schema.MIGRATIONS)).get_revision(manifest.revision)
    except CommandError as error:
        raise NotDone(
            f"This backup is of a newer Waharoa (schema {manifest.revision}): restore it with that release or a later one."
        ) from error


def _write(file: Path, database: Database, objects: Objects, written: IO[str], say: Say) -> None:
    say("Writing the files …")
    with members(file) as each:
        for member, source in each:
            if member.name == DATABASE:
                os.sync()
                say("Writing the database …")
                database.load(source)
            elif member.name != MANIFEST:
                hashed = Hashed(source)
                objects.put(key := _key(member), hashed.chunks())
                written.write(f"{key}\n")


def _compare_objects(objects: Objects, written: IO[str], manifest: Manifest) -> None:
    written.seek(0)
    now = FileList()
    for line in written:
        key = line.strip()
        if (found := objects.open(key)) is not None:
            source = Hashed(found[1]).drained()
            now.add(key, source.sha256, source.size)
    if now.sum().digest != manifest.files.digest:
        raise NotDone("The files in the storage are not those of the backup: do not use them. Is the disk sound?")
