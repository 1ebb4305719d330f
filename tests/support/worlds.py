"""The world of `tests.make`: one for all tests that write nothing for good (each is rolled back), or one of a test's own."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

import pytest
import time_machine
from flask import Flask
from flask.ctx import AppContext

from app import create_app
from app.core.db import db
from tests import make
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.databases import Database, Scene, postgresql_database
from tests.support.settings import closed, settings_for


class Stage(NamedTuple):
    """What stands in a database from the start: the world, and the number of Hēmi's case, which may not be there."""

    world: make.World
    number: str = ""


def a_world() -> Stage:
    return Stage(make.world())


def a_world_with_a_case() -> Stage:
    world = make.world()
    return Stage(world, make.open_case(world).number)


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
def scene(request: pytest.FixtureRequest) -> Scene | None:
    """What somebody asks for by the fixtures below."""
    scenes = {"with_case": a_world_with_a_case, "peopled": a_world}
    return next((scenes[name] for name in scenes if name in request.fixturenames), None)


@pytest.fixture
def peopled(database: Database) -> make.World:
    """A committed world in a database of the test's own."""
    world: make.World = database.made.world
    return replace(world, people=dict(world.people))


@pytest.fixture
def with_case(database: Database) -> str:
    """The number of Hēmi's case, with Ana, in this world."""
    number: str = database.made.number
    return number


@pytest.fixture
def own_world(peopled: make.World, context: AppContext) -> make.World:
    """The same, with an app context pushed; for tests below the web that commit."""
    return peopled


@contextmanager
def _database(request: pytest.FixtureRequest, file: str) -> Iterator[str]:
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        with postgresql_database(template=request.getfixturevalue("postgresql_template")) as url:
            yield url
