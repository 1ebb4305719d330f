"""The world of `tests.make`: one for all tests that write nothing for good (each is rolled back), or one of a test's own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from flask import Flask
from flask.ctx import AppContext

from app import create_app
from app.core.db import db
from tests import make
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.databases import postgresql_database
from tests.support.settings import closed, settings_for


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, make.World]]:
    """An app and a committed world, made once for each kind of database."""
    folder = tmp_path_factory.mktemp("world")
    with _database(request, str(folder / "world.sqlite")) as url, closed(create_app(settings_for(url, folder))) as app:
        with app.app_context(), time_machine.travel(A_TUESDAY_IN_TERM, tick=False):
            made = make.world()
            db.session.commit()
        yield app, made


@pytest.fixture
def world(shared: tuple[Flask, make.World]) -> Iterator[make.World]:
    """For tests below the web that never commit: whatever they write is rolled back. An app context is pushed."""
    app, made = shared
    with app.app_context():
        yield made
        db.session.rollback()


@pytest.fixture
def own_world(context: AppContext) -> make.World:
    """A committed world in a database of the test's own, with its app context pushed; for tests that commit."""
    made = make.world()
    db.session.commit()
    return made


@contextmanager
def _database(request: pytest.FixtureRequest, file: str) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        with postgresql_database(template=request.getfixturevalue("postgresql_template")) as url:
            yield url
