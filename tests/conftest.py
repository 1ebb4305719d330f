"""What all tests have in common: their fixtures, a PostgreSQL to use, and the HTML checker when all are through."""

import gc
import os
from contextlib import ExitStack

import pytest
from hypothesis import settings

from scripts.postgres import throwaway_postgres
from tests.support import validator
from tests.support.memory import use_memory

POSTGRES = "TEST_POSTGRES_URL"
pytest_plugins = [
    "tests.support.groups",
    "tests.support.routes",
    "tests.support.compiled",
    "tests.support.databases",
    "tests.support.statements",
    "tests.support.apps",
    "tests.support.worlds",
    "tests.support.smtp",
    "tests.support.browsers",
    "tests.support.objects",
    "tests.support.scanners",
    "tests.support.redises",
    "tests.support.letters",
]
settings.register_profile("beside others", deadline=None)
settings.load_profile("beside others")
"""Other processes have the machine too: how long an example takes says nothing."""
_until_the_end = ExitStack()
_html_errors: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """The first process starts a PostgreSQL for all workers, unless TEST_POSTGRES_URL names one."""
    if not _is_first(config):
        return
    use_memory()
    validator.begin()
    if POSTGRES not in os.environ:
        os.environ[POSTGRES] = _until_the_end.enter_context(throwaway_postgres())


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: looking through it for garbage again and again was an eighth of all work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """All pages that the tests were given go through the HTML checker."""
    if not _is_first(session.config):
        return
    _html_errors.extend(validator.errors())
    if not _html_errors:
        validator.end()
    elif session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _html_errors:
        terminalreporter.section(f"{len(_html_errors)} HTML errors", red=True)
        for line in _html_errors:
            terminalreporter.write_line(line)


def pytest_unconfigure(config: pytest.Config) -> None:
    _until_the_end.close()


def _is_first(config: pytest.Config) -> bool:
    """Neither a worker nor only a listing."""
    return not hasattr(config, "workerinput") and not config.option.collectonly
