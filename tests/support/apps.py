"""The app on a database, a client for it, and a clock that stands still."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.ctx import AppContext

from app import create_app
from app.settings import Settings
from tests.support.client import Client, watch
from tests.support.databases import Database
from tests.support.settings import closed, settings_for
from tests.support.statements import Statements

A_TUESDAY_IN_TERM = datetime(2026, 3, 3, 9, 0, tzinfo=ZoneInfo("Pacific/Auckland"))


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Override to test with other settings: `settings_for(database.url, tmp_path, NAME="value")`."""
    return settings_for(database.url, tmp_path)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The portal on an empty, migrated database, without an app context."""
    with closed(create_app(settings)) as made:
        made.testing = True
        yield made


@pytest.fixture
def context(app: Flask) -> Iterator[AppContext]:
    """An app context for tests below the web; commit what a client shall see."""
    with app.app_context() as pushed:
        yield pushed


@pytest.fixture
def another_client(app: Flask, request: pytest.FixtureRequest) -> Callable[[], Client]:
    """Makes further clients, for a second person or browser."""
    app.test_client_class = Client

    def make() -> Client:
        made = app.test_client()
        assert isinstance(made, Client)
        made.may_write = request.node.get_closest_marker("writes") is not None
        return made

    watch(app)
    return make


@pytest.fixture
def client(another_client: Callable[[], Client], statements: Statements) -> Client:
    """Checks every page and every GET; `client.sign_in(person, role)`, `.send(path, …)`, `.fill(page, button, …)`."""
    made = another_client()
    made.statements = statements
    return made


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still on a Tuesday in term, 9 am; `clock.shift(…)` and `clock.move_to(…)` move it."""
    with time_machine.travel(A_TUESDAY_IN_TERM, tick=False) as traveller:
        yield traveller
