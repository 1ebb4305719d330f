"""What all tests have in common: a database of each kind, the app on it, a client, a clock, and a PostgreSQL to use."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask.ctx import AppContext

from app import create_app
from app.settings import Settings
from scripts.postgres import throwaway_postgres
from tests.support import validator
from tests.support.client import Client, watch
from tests.support.databases import POSTGRES, Database
from tests.support.settings import closed, settings_for
from tests.support.statements import Statements

pytest_plugins = ["tests.support.databases", "tests.support.statements", "tests.support.smtp", "tests.support.browsers"]
A_TUESDAY_IN_TERM = datetime(2026, 3, 3, 9, 0, tzinfo=ZoneInfo("Pacific/Auckland"))
_until_the_end = ExitStack()
_html_errors: list[str] = []


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
def client(app: Flask, statements: Statements, request: pytest.FixtureRequest) -> Client:
    """Checks every page and every GET; `client.sign_in(person, role)`, `.send(path, …)`, `.fill(page, button, …)`."""
    app.test_client_class = Client
    made = app.test_client()
    assert isinstance(made, Client)
    made.statements = statements
    made.may_write = request.node.get_closest_marker("writes") is not None
    watch(app, made)
    return made


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still on a Tuesday in term, 9 am; `clock.shift(…)` and `clock.move_to(…)` move it."""
    with time_machine.travel(A_TUESDAY_IN_TERM, tick=False) as traveller:
        yield traveller


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts a PostgreSQL for all workers, unless TEST_POSTGRES_URL names one."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    validator.forget()
    if POSTGRES not in os.environ:
        os.environ[POSTGRES] = _until_the_end.enter_context(throwaway_postgres())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """All pages that the tests were given go through the HTML checker."""
    if not hasattr(session.config, "workerinput"):
        _html_errors.extend(validator.errors())
        if _html_errors and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _html_errors:
        terminalreporter.section(f"{len(_html_errors)} HTML errors", red=True)
        for line in _html_errors:
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    _until_the_end.close()
