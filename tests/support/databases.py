"""A migrated database of its own for each test: a copied SQLite file, or a PostgreSQL database made from a template."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from app import create_app
from app.core import schema
from tests.support.settings import closed, settings_for

POSTGRES = "TEST_POSTGRES_URL"
_numbers = count(1)


@dataclass(frozen=True)
class Database:
    """Where it is; `kind` is sqlite or postgresql."""

    kind: str
    url: str


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        file = tmp_path / "waharoa.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield Database("sqlite", f"sqlite:///{file}")
    else:
        with postgresql_database(template=request.getfixturevalue("postgresql_template")) as url:
            yield Database("postgresql", url)


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
    left = [path.name for path in folder.glob("template.sqlite-*") if path.stat().st_size]
    assert not left, f"the migrated file is not closed: {left}"
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
    with postgresql_database(template=name) as kept, _server() as connection:

        def restore() -> None:
            close()
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
    with _server() as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        try:
            yield make_url(os.environ[POSTGRES]).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _server() -> psycopg.Connection[Any]:
    address = make_url(os.environ[POSTGRES]).render_as_string(hide_password=False)
    return psycopg.connect(_plain(address), autocommit=True)


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _migrate(url: str, folder: Path) -> None:
    with closed(create_app(settings_for(url, folder))) as app, app.app_context():
        schema.upgrade(url)
