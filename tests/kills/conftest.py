"""Portals to be killed: one for a whole file, or one for a test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.kills.sites import Prepared, Site, copied, prepare, site
from tests.kills.warm import WarmParts, warmed
from tests.support.databases import postgresql_database
from tests.support.smtp import Mailbox

KINDS = ("sqlite", "postgresql")
both_kinds = pytest.mark.parametrize("killed", KINDS, indirect=True)
on_sqlite, on_postgresql = (pytest.mark.parametrize("killed", [kind], indirect=True) for kind in KINDS)
"""Where what is killed is not in the middle of a claim or a write, the other kind would say the same."""


@pytest.fixture(scope="package", autouse=True)
def warm() -> Iterator[None]:
    """What forks the parts of all portals here."""
    with warmed() as WarmParts.warm:
        yield


@pytest.fixture
def killed(request: pytest.FixtureRequest, tmp_path: Path, mailbox: Mailbox) -> Iterator[Site]:
    """One for this test, on the kind it is asked for with; its mail goes to `mailbox`."""
    with _site(request, tmp_path, SMTP_URL=mailbox.url) as made:
        yield made


@pytest.fixture(scope="module")
def standing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for all tests of a file, with its web running."""
    with _site(request, tmp_path_factory.mktemp("standing")) as made:
        made.start_web()
        yield made


@contextmanager
def _site(request: pytest.FixtureRequest, folder: Path, **more: str) -> Iterator[Site]:
    with _copied(request, folder) as (url, prepared), site(url, folder, prepared, **more) as made:
        yield made


@contextmanager
def _copied(request: pytest.FixtureRequest, folder: Path) -> Iterator[tuple[str, Prepared]]:
    if request.param == "sqlite":
        template = request.getfixturevalue("prepared_sqlite")
        yield copied(template, folder), template[1]
    else:
        name, prepared = request.getfixturevalue("prepared_postgresql")
        with postgresql_database(template=name) as url:
            yield url, prepared


@pytest.fixture(scope="session")
def prepared_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Prepared]:
    folder = tmp_path_factory.mktemp("prepared")
    file = folder / "prepared.sqlite"
    shutil.copyfile(sqlite_template, file)
    return str(file), prepare(f"sqlite:///{file}", folder)


@pytest.fixture(scope="session")
def prepared_postgresql(
    postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Prepared]]:
    with postgresql_database(template=postgresql_template) as url:
        prepared = prepare(url, tmp_path_factory.mktemp("prepared"))
        yield make_url(url).database or "", prepared
