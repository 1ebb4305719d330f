"""Rehearsals: a restore into a place that goes again, and an upgrade of a copy of the live database."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory

from app.backup.making import Say
from app.backup.manifest import Manifest, Table
from app.backup.objects import in_folder
from app.backup.places import unfinished
from app.backup.reading import Database
from app.backup.restoring import restore
from app.backup.streams import NotDone
from app.core import schema

BOOKKEEPING = "alembic_version"


def rehearse_restore(file: Path, database: Database, folder: Path, say: Say) -> Manifest:
    """Everything is restored and compared, then removed; `database` says which kind, and is not touched."""
    with unfinished(folder) as here, database.temporary(here) as empty:
        return restore(file, empty, in_folder(here / "files"), say)


@dataclass(frozen=True)
class Rehearsed:
    """What upgrading the copy did."""

    was: str
    became: str
    seconds: float
    rows: int
    changed: list[str]
    """Tables whose values differ in columns that were there before: for reading, a migration may mean to."""


def rehearse_upgrade(database: Database, say: Say) -> Rehearsed:
    """Upgrades a copy; refuses where rows or what guards them are gone afterwards."""
    say("Copying the database …")
    with unfinished(database.beside) as here, ExitStack() as stack:
        copy = stack.enter_context(database.copied(here))
        with copy.reading() as reader:
            columns, before = reader.tables(), reader.digests()
            triggers, was = reader.triggers(), reader.revision()
        say(f"Upgrading the copy from {was} …")
        began = time.monotonic()
        schema.upgrade(copy.url)
        seconds = time.monotonic() - began
        say("Comparing …")
        with copy.reading() as reader:
            now = reader.tables()
            kept = {name: [column for column in held if column in now.get(name, [])] for name, held in columns.items()}
            after = reader.digests({name: held for name, held in kept.items() if held})
            _refuse_losses(before, after, triggers - reader.triggers())
            changed = sorted(name for name in after if kept[name] == columns[name] and after[name] != before[name])
            return Rehearsed(was, reader.revision(), seconds, _rows(after), [n for n in changed if n != BOOKKEEPING])


def head() -> str:
    return str(ScriptDirectory(str(schema.MIGRATIONS)).get_current_head())


def _refuse_losses(before: dict[str, Table], after: dict[str, Table], triggers: set[str]) -> None:
    lost = [
        f"{name} had {table.rows} rows and has {after[name].rows if name in after else 'none'}"
        for name, table in before.items()
        if name not in after or after[name].rows < table.rows
    ]
    lost += [f"the trigger {name} is gone" for name in sorted(triggers)]
    if lost:
        raise NotDone(f"Do not upgrade. In the upgraded copy {'; '.join(lost)}.")


def _rows(tables: dict[str, Table]) -> int:
    return sum(table.rows for table in tables.values())
