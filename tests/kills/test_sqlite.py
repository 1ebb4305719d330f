"""SQLite's file is locked, its disk is full, or the power goes."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.kills.clusters import children
from tests.kills.sites import Prepared, Site, copied, site
from tests.kills.writers import FILES, has_more_than, spoilt, writing

CUTS = 5
BOUND_SECONDS = 20
DISK_MEGABYTES = 12


@pytest.fixture
def on_file(prepared_sqlite: tuple[str, Prepared], tmp_path: Path) -> Iterator[Site]:
    with _on_file(prepared_sqlite, tmp_path / "portal") as made:
        yield made


def _on_file(template: tuple[str, Prepared], folder: Path) -> AbstractContextManager[Site]:
    folder.mkdir(exist_ok=True)
    return site(copied(template, folder), folder, template[1], KILLS_BUSY="0.5")


def test_a_file_that_somebody_else_holds_is_told_and_what_was_typed_can_be_sent_again(on_file: Site) -> None:
    on_file.start_web()
    assert on_file.send(on_file.note("Before")).status == 303
    form = on_file.note("While somebody else wrote")
    with closing(sqlite3.connect(on_file.folder / "waharoa.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answer = on_file.send(form)
        assert time.monotonic() - began < BOUND_SECONDS
        assert answer.status == 503
        assert "The portal is busy" in answer.text
        assert "Send it again" in answer.text
        assert form["body"] in answer.text
        other.execute("ROLLBACK")
    on_file.send_until_answered(form)
    assert on_file.count_of(form["body"]) == 1


def test_on_a_full_disk_people_are_told_and_with_room_again_everything_goes_on(
    prepared_sqlite: tuple[str, Prepared], tmp_path: Path
) -> None:
    """Database, queue, files and log are all on it."""
    with small_disk(tmp_path / "disk") as disk, _on_file(prepared_sqlite, disk.folder) as portal:
        portal.start_web()
        portal.start_worker()
        portal.round()
        assert portal.send(portal.note("Before")).status == 303
        disk.fill(portal)
        form, file = portal.note("While it was full" * 400), ("words.txt", "What the school said. " * 3000)
        answer = portal.send(form)
        assert answer.status == 503
        assert "There is no room left to save anything" in answer.text
        assert "Send it again" in answer.text
        assert form["body"] in answer.text
        assert portal.send(portal.note("with a file"), file).status in {422, 503}
        assert portal.count_of(form["body"]) == 0
        assert portal.ask("/healthz").status == 200
        disk.make_room(portal)
        portal.wait_until_ready()
        portal.send_until_answered(form)
        assert portal.count_of(form["body"]) == 1
        portal.round()
        assert portal.parts.dead() is None
        assert is_whole(disk.folder / "waharoa.sqlite")


def test_what_was_acknowledged_outlives_a_power_cut(on_file: Site, tmp_path: Path) -> None:
    """All processes stand still, database, log and files are copied together, and opened elsewhere."""
    on_file.start_web()
    on_file.start_worker()
    with writing(on_file) as acknowledged:
        for cut in range(CUTS):
            on_file.until(partial(has_more_than, len(acknowledged) + 2, acknowledged))
            time.sleep(random.uniform(0, 0.3))
            known, copy = copied_in_the_act(on_file, acknowledged, tmp_path / str(cut))
            assert is_whole(copy)
            with closing(sqlite3.connect(copy)) as opened:
                found = [body for (body,) in opened.execute("SELECT body FROM entry").fetchall()]
                files = opened.execute(FILES).fetchall()
            assert files
            assert spoilt(files, copy.parent / "files") == []
            assert [body for body in known if found.count(body) != 1] == []


def copied_in_the_act(running: Site, acknowledged: list[str], folder: Path) -> tuple[list[str], Path]:
    """What had been acknowledged when everything stood still, and the copy."""
    folder.mkdir()
    first = [process.pid for process in running.parts.running.values()]
    standing = [each for pid in first for each in (pid, *children(pid))]
    for pid in standing:
        os.kill(pid, signal.SIGSTOP)
    try:
        known = list(acknowledged)
        for name in ("waharoa.sqlite", "waharoa.sqlite-wal"):
            shutil.copyfile(running.folder / name, folder / name)
        shutil.copytree(running.folder / "files", folder / "files")
    finally:
        for pid in standing:
            os.kill(pid, signal.SIGCONT)
    return known, folder / "waharoa.sqlite"


def is_whole(file: Path) -> bool:
    with closing(sqlite3.connect(file)) as opened:
        result: list[tuple[str]] = opened.execute("PRAGMA integrity_check").fetchall()
        broken = opened.execute("PRAGMA foreign_key_check").fetchall()
    return result == [("ok",)] and not broken


class Disk:
    """A small disk of its own; or, where mounting is not permitted, files that may not grow."""

    def __init__(self, folder: Path, *, is_mounted: bool) -> None:
        self.folder = folder
        self._is_mounted = is_mounted

    def fill(self, portal: Site) -> None:
        if not self._is_mounted:
            return self._limit(portal, 4096)
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            for size in (65536, 512, 1):
                try:
                    while True:
                        filler.write(b"x" * size)
                except OSError:
                    continue
        return None

    def make_room(self, portal: Site) -> None:
        if self._is_mounted:
            (self.folder / "filler").unlink()
        else:
            self._limit(portal, resource.RLIM_INFINITY)

    def _limit(self, portal: Site, size: int) -> None:
        for process in portal.parts.running.values():
            for pid in [process.pid, *children(process.pid)]:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    is_mounted = not subprocess.run(command, check=False, capture_output=True).returncode
    try:
        yield Disk(folder, is_mounted=is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", str(folder)], check=True)
