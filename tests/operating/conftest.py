"""A portal with something in it, its commands, and empty places to restore into."""

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.ctx import AppContext

from app import create_app
from app.cases.models import Case
from app.core.db import begin_write, db
from app.core.files.store import the_store
from app.core.files.stored import Kept, Scan, StoredFile, add
from app.settings import Settings
from tests import make
from tests.support.databases import Database, postgresql_database
from tests.support.settings import closed, settings_for


@dataclass
class Filled:
    """A portal at work: its app, its world, one open case."""

    app: Flask
    world: make.World
    case_id: int
    folder: Path

    def work(self, data: bytes) -> str:
        """Somebody shares a note and a file; the key of its object."""
        with self.app.app_context():
            key = the_store().put(io.BytesIO(data))
            begin_write()
            case = db.session.get_one(Case, self.case_id)
            make.note(self.world.ana, case)
            _row(self.world, key, data)
            db.session.commit()
            return key

    def command(self, *arguments: str | Path) -> Result:
        return command(self.app, *arguments)


def command(app: Flask, *arguments: str | Path) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments], catch_exceptions=False)


def environment(settings: Settings) -> dict[str, str]:
    """The settings as a command in a process of its own is given them."""
    given = {each.name.upper(): str(getattr(settings, each.name)) for each in fields(settings)}
    return {**os.environ, **{name: text for name, text in given.items() if text}, "SETTINGS_FILE": ""}


@pytest.fixture
def filled(app: Flask, tmp_path: Path) -> Filled:
    """A world with a case, notes and three files, one of them empty."""
    (tmp_path / "files").mkdir(exist_ok=True)
    with app.app_context():
        begin_write()
        world = make.world()
        case = make.open_case(world)
        db.session.commit()
        made = Filled(app, world, case.id, tmp_path)
    for data in (b"a letter from the doctor", b"", bytes(range(256)) * 5000):
        made.work(data)
    return made


@pytest.fixture
def another(database: Database, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """The portal over an empty database and an empty storage, elsewhere: `another(STORAGE=…)`."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if database.kind == "sqlite":
        url = f"sqlite:///{folder / 'waharoa.sqlite'}"
        yield from _another(url, folder)
    else:
        with postgresql_database() as url:
            yield from _another(url, folder)


def stored(context: AppContext | None = None) -> dict[str, str]:
    """Every file that has a row, with the hash its row says."""
    return {row.key: row.kept_sha256 for row in db.session.query(StoredFile)}


def _another(url: str, folder: Path) -> Iterator[Callable[..., Flask]]:
    made: list[Flask] = []

    def make_one(**more: str) -> Flask:
        made.append(create_app(settings_for(url, folder, **more)))
        return made[-1]

    yield make_one
    for app in made:
        with closed(app):
            pass


def _row(world: make.World, key: str, data: bytes) -> None:
    digest = sha256(data).hexdigest()
    kept = Kept(key, "letter.txt", "text/plain", len(data), digest, digest)
    add(kept, scan=Scan.NOT_SCANNED, by=world.ana)
