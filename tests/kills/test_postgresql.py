"""PostgreSQL goes away, or the power does; and the queue stands in it."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from tests.kills.clusters import Cluster, cluster, opened_elsewhere
from tests.kills.sites import Prepared, Site, prepare, site
from tests.kills.writers import FILES, has_more_than, spoilt, writing
from tests.support.databases import _migrate
from tests.support.smtp import Mailbox

CUTS = 3
BOUND_SECONDS = 20


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, Prepared]]:
    with cluster() as made:
        folder = tmp_path_factory.mktemp("own")
        _migrate(made.url, folder)
        yield made, prepare(made.url, folder)


@pytest.fixture
def queued(own: tuple[Cluster, Prepared], tmp_path: Path, mailbox: Mailbox) -> Iterator[Site]:
    """A portal whose queue stands in the database."""
    made, prepared = own
    with site(made.url, tmp_path, prepared, SMTP_URL=mailbox.url, QUEUE_FILE="database") as running:
        yield running


def test_a_queue_in_the_database_wakes_the_worker_at_once_and_leaves_the_schema_alone(queued: Site) -> None:
    due = queued.make_mails()
    queued.start_worker()
    queued.round()
    queued.until(lambda: all(row.done_at for row in queued.mails()))
    began = time.monotonic()
    for _ in range(5):
        queued.round()
    assert time.monotonic() - began < BOUND_SECONDS, "a worker that was not woken comes round once a minute"
    assert due
    with psycopg.connect(plain(queued.environment["DATABASE_URL"])) as connection:
        made = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename LIKE 'huey%'").fetchall()
    assert {name for (name,) in made} == {"waharoa_queue"}


def test_while_the_database_is_gone_people_are_told_and_afterwards_everything_goes_on(
    own: tuple[Cluster, Prepared], queued: Site, mailbox: Mailbox
) -> None:
    queued.start_web()
    queued.start_worker()
    queued.round()
    assert queued.send(queued.note("Before")).status == 303
    own[0].go_away()
    form = queued.note("While it was gone")
    began = time.monotonic()
    answer = queued.send(form)
    assert time.monotonic() - began < BOUND_SECONDS
    assert answer.status == 503
    assert "database cannot be reached" in answer.text
    assert "Send it again" in answer.text
    assert all(text in answer.text for text in form.values())
    assert queued.ask("/readyz").status == 503
    assert queued.ask("/healthz").status == 200
    own[0].come_back()
    queued.wait_until_ready()
    queued.send_until_answered(form)
    assert queued.send(form).status == 303
    assert queued.count_of(form["body"]) == 1
    queued.make_mails(pupil="other")
    queued.round()
    queued.until(lambda: all(row.done_at for row in queued.mails()))
    assert mailbox.arrived
    assert queued.parts.dead() is None


def test_what_was_acknowledged_outlives_a_power_cut(own: tuple[Cluster, Prepared], queued: Site) -> None:
    """All processes stand still, data, log and files are copied together, and opened elsewhere."""
    queued.start_web()
    with writing(queued) as acknowledged:
        for cut in range(CUTS):
            queued.until(partial(has_more_than, len(acknowledged) + 2, acknowledged))
            time.sleep(random.uniform(0, 0.2))
            known, copy = copied_in_the_act(own[0], queued, acknowledged, cut)
            with opened_elsewhere(copy) as url, psycopg.connect(plain(url)) as connection:
                found = [body for (body,) in connection.execute("SELECT body FROM entry").fetchall()]
                files = connection.execute(FILES).fetchall()
            assert files
            assert spoilt(files, own[0].folder / f"files{cut}") == []
            assert [body for body in known if found.count(body) != 1] == []


def copied_in_the_act(of: Cluster, running: Site, acknowledged: list[str], cut: int) -> tuple[list[str], Path]:
    """What had been acknowledged when everything stood still, and the copy."""
    standing = [running.parts.running["web"].pid, *of.processes()]
    for pid in standing:
        os.kill(pid, signal.SIGSTOP)
    try:
        known = list(acknowledged)
        copy = of.folder / f"copy{cut}"
        shutil.copytree(of.folder / "cluster", copy, copy_function=shutil.copy2)
        shutil.copytree(running.folder / "files", of.folder / f"files{cut}")
    finally:
        for pid in standing:
            os.kill(pid, signal.SIGCONT)
    for path in [copy, *copy.rglob("*")]:
        owner = (of.folder / "cluster").stat()
        os.chown(path, owner.st_uid, owner.st_gid)
    return known, copy


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
