"""A migrated database of its own for each test: a copied SQLite file, or a PostgreSQL database made from a template. Where
many tests begin with the same rows, these are made once by a worker, and stand in each copy."""

import atexit
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from sqlalchemy import make_url

from app import create_app
from app.core import schema
from app.core.db import db
from tests.support.settings import closed, settings_for

POSTGRES = "TEST_POSTGRES_URL"
Scene = Callable[[], Any]
"""Makes what stands in a database from the start, and says what that is; it keeps no files and returns no rows."""
_numbers = count(1)
_servers: dict[tuple[int, str], psycopg.Connection[Any]] = {}


@dataclass(frozen=True)
class Database:
    """Where it is; `kind` is sqlite or postgresql; `made` is what its scene returned."""

    kind: str
    url: str
    made: Any = None


@dataclass
class Templates:
    """What databases of tests are copied from, each made when it is first asked for."""

    folder: Path
    empty: Callable[[str], str]
    _ready: dict[tuple[str, Scene, datetime | None], tuple[str, Any]] = field(default_factory=dict)
    _until_the_end: ExitStack = field(default_factory=ExitStack)

    def of(self, kind: str, scene: Scene | None) -> tuple[str, Any]:
        """A file or a database, and what the scene returned that stands in it. Where time stands still, the scene is of then."""
        if scene is None:
            return self.empty(kind), None
        key = kind, scene, datetime.now(UTC) if time_machine.escape_hatch.is_travelling() else None
        if key not in self._ready:
            self._ready[key] = self._made(kind, scene)
        return self._ready[key]

    def close(self) -> None:
        self._until_the_end.close()

    def _made(self, kind: str, scene: Scene) -> tuple[str, Any]:
        if kind == "sqlite":
            file = self.folder / f"{len(self._ready)}.sqlite"
            shutil.copyfile(self.empty(kind), file)
            made = _filled(f"sqlite:///{file}", self.folder, scene)
            _refuse_open(file)
            return str(file), made
        url = self._until_the_end.enter_context(postgresql_database(template=self.empty(kind)))
        return make_url(url).database or "", _filled(url, self.folder, scene)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, scene: Scene | None, templates: Templates
) -> Iterator[Database]:
    """A migrated database with nothing in it but its scene; the test runs once on each kind."""
    if "clock" in request.fixturenames:
        request.getfixturevalue("clock")  # time stands still before anything is made
    template, made = templates.of(request.param, scene)
    if request.param == "sqlite":
        file = tmp_path / "waharoa.sqlite"
        shutil.copyfile(template, file)
        yield Database("sqlite", f"sqlite:///{file}", made)
    else:
        with postgresql_database(template) as url:
            yield Database("postgresql", url, made)


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    made = Templates(
        tmp_path_factory.mktemp("templates"), lambda kind: str(request.getfixturevalue(f"{kind}_template"))
    )
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it, for tests of the migrations themselves."""
    if request.param == "sqlite":
        yield Database("sqlite", f"sqlite:///{tmp_path / 'bare.sqlite'}")
    else:
        with postgresql_database() as url:
            yield Database("postgresql", url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    file = folder / "template.sqlite"
    _migrate(f"sqlite:///{file}", folder)
    _refuse_open(file)
    return file


@pytest.fixture(scope="session")
def postgresql_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgresql_database() as url:
        _migrate(url, tmp_path_factory.mktemp("template"))
        yield make_url(url).database or ""


@contextmanager
def restorable(database: Database, close: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """The database as it stands now can be brought back as often as one likes, which is much faster than filling it anew.
    `close` ends the connections that are open to it."""
    close()
    if database.kind == "sqlite":
        yield _sqlite_restore(Path(make_url(database.url).database or ""), close)
        return
    name = make_url(database.url).database or ""
    with postgresql_database(template=name) as kept:

        def restore() -> None:
            close()
            connection = _server()
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{make_url(kept).database}" STRATEGY FILE_COPY')

        yield restore


def _sqlite_restore(file: Path, close: Callable[[], None]) -> Callable[[], None]:
    kept = file.with_suffix(".kept")
    shutil.copyfile(file, kept)

    def restore() -> None:
        close()
        shutil.copyfile(kept, file)

    return restore


@contextmanager
def postgresql_database(template: str = "template0") -> Iterator[str]:
    """A database that no other worker has, dropped afterwards."""
    name = f"waharoa_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}_{next(_numbers)}"
    _server().execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield make_url(os.environ[POSTGRES]).set(database=name).render_as_string(hide_password=False)
    finally:
        _server().execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server() -> psycopg.Connection[Any]:
    """Each process connects once to the server, and stays so: that was a sixth of what a database costs."""
    where = os.getpid(), make_url(os.environ[POSTGRES]).render_as_string(hide_password=False)
    if where not in _servers:
        _servers[where] = psycopg.connect(_plain(where[1]), autocommit=True)
    return _servers[where]


@atexit.register
def _hang_up() -> None:
    for (process, _), connection in _servers.items():
        if process == os.getpid():
            connection.close()


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _migrate(url: str, folder: Path) -> None:
    with closed(create_app(settings_for(url, folder))) as app, app.app_context():
        schema.upgrade(url)


def _filled(url: str, folder: Path, scene: Scene) -> Any:
    with closed(create_app(settings_for(url, folder))) as app, app.app_context():
        made = scene()
        db.session.commit()
        return made


def _refuse_open(file: Path) -> None:
    """What is not closed cannot be copied."""
    left = [path.name for path in file.parent.glob(f"{file.name}-*") if path.stat().st_size]
    assert not left, f"the file of a database is not closed: {left}"
