"""A batch of letters whose worker, the portal's own, is killed with SIGKILL at random moments: each letter is there once.

Nothing is wrapped and no lease is shortened: what a killed worker had claimed waits as long as it would."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random, SystemRandom

from app import create_app
from app.core import schema
from bench import report
from bench.pages import DATABASES
from scripts import portal
from tests.kills import batches
from tests.kills.clusters import cluster
from tests.kills.sites import Site, prepare, site
from tests.support.settings import closed, settings_for

LETTERS = int(os.environ.get("BATCH", "500"))
TIMES = int(os.environ.get("TIMES", "3"))
SEED = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))
"""Which moments: said with the figures, so that a run can be made again."""
WORKER = [*portal.FLASK, "worker"]


def measure() -> None:
    for kind in DATABASES:
        report.say(f"kills: a batch of {LETTERS} letters on {kind}, its worker killed {TIMES} times (seed {SEED})")
        with tempfile.TemporaryDirectory() as folder, _site(kind, Path(folder)) as made:
            _measure(kind, made)


def _measure(kind: str, made: Site) -> None:
    """Raises where a letter is missing or there twice, after the line that says so."""
    batch, began = batches.begun(made, LETTERS), time.monotonic()
    moments = Random(SEED)  # noqa: S311 (no secret)
    batches.kill_at_random(made, batch, LETTERS, lambda: _start(made), moments=moments, times=TIMES)
    batches.wait_until_made(made, batch, LETTERS)
    found, seconds = batches.counted(made), round(time.monotonic() - began, 1)
    report.line("kills", db=kind, **found._asdict(), kills=TIMES, seconds=seconds, seed=SEED)
    if found != batches.Counted(LETTERS, twice=0):
        raise RuntimeError(f"{LETTERS} letters were asked for: there are {found.letters}, {found.twice} of them twice")
    batches.each_is_there_once(made, batch, LETTERS)


def _start(made: Site) -> None:
    made.parts.start("worker", WORKER, made.environment)


@contextmanager
def _site(kind: str, folder: Path) -> Iterator[Site]:
    """A portal on a migrated database of its own, as durable as it comes, with a small world."""
    (folder / "site").mkdir()
    with _database(kind, folder) as url:
        with closed(create_app(settings_for(url, folder))) as app, app.app_context():
            schema.upgrade(url)
        with site(url, folder / "site", prepare(url, folder)) as made:
            yield made


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'waharoa.sqlite'}"
    else:
        with cluster() as made:
            yield made.url
