"""A backup made while people work holds all of it at one moment, and restores to the same down to hashes."""

import io
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError

from app.backup import restoring
from app.backup.places import database_of
from app.backup.programs import argument, find_program
from app.backup.reading import Database
from app.backup.streams import NotDone
from app.cases.entries import Entry
from app.core.db import db
from app.core.files.store import opened, the_store
from scripts.parts import ROOT
from tests.operating.conftest import Filled, command, environment, stored
from tests.support.objects import Bucket
from tests.support.settings import settings_for

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
Another = Callable[..., Flask]


@contextmanager
def working(filled: Filled, people: int = 3) -> Iterator[list[str]]:
    """So many write a note and a file, one after the other, without a pause; the keys of what was kept."""
    kept: list[str] = []
    ended = threading.Event()

    def work(number: int) -> None:
        while not ended.is_set():
            kept.append(filled.work(os.urandom(2000 + number)))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    try:
        yield kept
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def backup_in_another_process(filled: Filled, file: Path, **how: object) -> subprocess.CompletedProcess[str]:
    settings = environment(filled.app.extensions["settings"])
    return subprocess.run(  # type: ignore[call-overload]
        [*FLASK, "backup", str(file)], cwd=ROOT, env=settings, capture_output=True, text=True, check=False, **how
    )


def test_a_backup_while_people_work_is_all_there_at_one_moment(
    filled: Filled, another: Another, tmp_path: Path
) -> None:
    file = tmp_path / ("backup.tar.gz" if _is_postgresql(filled) else "backup.tar.zst")
    with working(filled) as kept:
        _wait_for(lambda: len(kept) > 20)
        before = list(kept)
        made = backup_in_another_process(filled, file)
        then = len(kept)
        _wait_for(lambda: len(kept) > then)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Whānau" not in made.stdout + made.stderr
    rehearsed = filled.command("restore", "--rehearse", file)
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "identical by hash" in rehearsed.output
    restored = another()
    said = command(restored, "restore", file)
    assert said.exit_code == 0, said.output
    with restored.app_context():
        found = stored()
        assert set(before) <= found.keys()
        assert all(_sha256(key) == digest for key, digest in found.items())
        notes = len(db.session.scalars(select(Entry.id)).all())
        assert notes >= len(found)
        with pytest.raises(DBAPIError, match="append-only"):
            db.session.execute(text("DELETE FROM audit"))
        db.session.rollback()
    manifest = restoring.check(file, str)
    assert restoring.compare_rows(database_of(restored.extensions["settings"].database_url), manifest) == []
    assert not list(tmp_path.glob(".waharoa-unfinished-*"))


def test_it_is_for_this_user_only_and_never_written_over_another(filled: Filled, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert filled.command("backup", file).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    again = filled.command("backup", file)
    assert (again.exit_code, file.read_bytes()) == (1, before)
    assert "left as it is" in again.output


def test_a_name_with_another_ending_is_refused(filled: Filled, tmp_path: Path) -> None:
    said = filled.command("backup", tmp_path / "backup.zip")
    assert said.exit_code == 1
    assert ".tar.gz" in said.output


@pytest.mark.parametrize("room", [400_000, 1_100_000, 2_000_000])
def test_a_full_disk_leaves_no_file_and_says_so(filled: Filled, tmp_path: Path, room: int) -> None:
    """A limit on the size of files stands for the disk: writing fails in the middle, of the copy of the database or after it."""

    def no_more_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    file = tmp_path / "backup.tar"
    made = backup_in_another_process(filled, file, preexec_fn=no_more_room)
    if made.returncode == 0 and file.stat().st_size < room:
        pytest.skip("there is room on this database")
    assert made.returncode == 1
    assert "No file was made" in made.stderr
    assert "Traceback" not in made.stderr
    assert not [path.name for path in tmp_path.iterdir() if "backup" in path.name or "unfinished" in path.name]


def test_a_killed_backup_leaves_no_file_and_the_next_one_tidies(filled: Filled, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    settings = environment(filled.app.extensions["settings"])
    with subprocess.Popen([*FLASK, "backup", str(file)], cwd=ROOT, env=settings, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGKILL)
    assert not file.exists()
    assert list(tmp_path.glob(".waharoa-unfinished-*"))
    assert filled.command("backup", file).exit_code == 0
    assert not list(tmp_path.glob(".waharoa-unfinished-*"))


def test_a_file_that_is_gone_from_the_storage_is_said_and_stops_nothing(
    filled: Filled, another: Another, tmp_path: Path
) -> None:
    with filled.app.app_context():
        the_store().delete(next(iter(stored())))
    made = filled.command("backup", tmp_path / "backup.tar")
    assert made.exit_code == 0
    assert "1 files were not in the storage" in made.output
    assert command(another(), "restore", tmp_path / "backup.tar").exit_code == 0


@pytest.mark.parametrize("where", ["before the host", "in the query", "in both"])
def test_a_password_is_on_no_command_line(
    filled: Filled, another: Another, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Our own programs note their arguments and what they were given besides, and go on as the real ones."""
    if not _is_postgresql(filled):
        pytest.skip("PostgreSQL only")
    noted = _noting(tmp_path, monkeypatch)
    with _with_password(filled.app, where).snapshot(tmp_path) as made, made.file.open("rb") as dump:
        _with_password(another(), where).load(dump)
    dumping, given, loading, also_given = noted.read_text().splitlines()
    assert (given, also_given) == ("s3cret", "s3cret")
    assert all("dbname=" in arguments and "cret" not in arguments for arguments in (dumping, loading))


def test_a_key_with_a_password_is_refused_rather_than_shown() -> None:
    at = make_url("postgresql://waharoa@localhost/waharoa?sslkey=/key&sslpassword=s3cret")
    with pytest.raises(NotDone, match="take a key without a password"):
        argument(at)


def test_a_pg_dump_that_is_lacking_or_too_old_is_said() -> None:
    with pytest.raises(NotDone, match=r"in release \d+ only: install what Debian calls postgresql-client-99"):
        find_program("pg_dump", 99)
    with pytest.raises(NotDone, match="not installed here"):
        find_program("pg_nothing", 15)


def test_nothing_is_restored_over_what_is_there(filled: Filled, another: Another, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    filled.command("backup", file)
    over = filled.command("restore", file)
    assert over.exit_code == 1
    assert "empty" in over.output
    folder = tmp_path / "elsewhere" / "files"
    folder.mkdir()
    (folder / "something").write_text("of somebody")
    second = command(another(), "restore", file)
    assert second.exit_code == 1
    assert "Move them away" in second.output


@pytest.mark.parametrize("to_bucket", [True, False])
def test_a_folder_is_restored_into_a_bucket_and_a_bucket_into_a_folder(
    filled: Filled, another: Another, bucket: Bucket, tmp_path: Path, *, to_bucket: bool
) -> None:
    with filled.app.app_context():
        rows = stored()
        if not to_bucket:
            _move_into(bucket, filled)
    file = tmp_path / "backup.tar"
    said = filled.command("backup", file)
    assert (said.exit_code, "not in the storage" in said.output) == (0, False)
    moved = another(**(bucket.settings if to_bucket else {}))
    said = command(moved, "restore", file)
    assert said.exit_code == 0, said.output
    with moved.app_context():
        assert len(rows) == 3
        assert stored() == rows
        assert all(_sha256(key) == digest for key, digest in rows.items())
    folder = bucket.folder if to_bucket else tmp_path / "elsewhere" / "files"
    assert all((folder / key).is_file() for key in rows)


def test_what_is_restored_is_on_the_disk_before_it_is_called_done(
    filled: Filled, another: Another, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database under its name, and the folder that has it: after a power cut it is there."""
    if _is_postgresql(filled):
        pytest.skip("SQLite only")
    filled.command("backup", tmp_path / "backup.tar")
    app = another()
    file = Path(app.extensions["settings"].database_url.removeprefix("sqlite:///"))
    synced: list[tuple[str, bool]] = []
    really = os.fsync

    def noted(handle: int) -> None:
        synced.append((str(Path(f"/proc/self/fd/{handle}").readlink()), file.exists()))
        really(handle)

    monkeypatch.setattr(os, "fsync", noted)
    assert command(app, "restore", tmp_path / "backup.tar").exit_code == 0
    assert synced[-2:] == [(str(file.with_name(f".{file.name}.coming")), False), (str(file.parent), True)]


def test_a_cut_off_backup_is_refused_before_anything_is_written(
    filled: Filled, another: Another, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.tar.gz"
    filled.command("backup", whole)
    for share in (0.0, 0.3, 0.9, 0.999):
        cut = tmp_path / f"cut-{share}.tar.gz"
        cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
        _refused_and_nothing_written(another(), cut, "damaged")


def test_a_changed_byte_anywhere_is_refused(filled: Filled, another: Another, tmp_path: Path) -> None:
    whole = tmp_path / "whole.tar"
    filled.command("backup", whole)
    data = bytearray(whole.read_bytes())
    for at in _bodies(whole):
        changed = bytearray(data)
        changed[at] ^= 1
        (tmp_path / "changed.tar").write_bytes(changed)
        _refused_and_nothing_written(another(), tmp_path / "changed.tar", "damaged")


LEADING_ELSEWHERE = [
    ("../../evil", tarfile.REGTYPE),
    ("objects/../../evil", tarfile.REGTYPE),
    ("objects/../evil", tarfile.REGTYPE),
    ("/etc/evil", tarfile.REGTYPE),
    ("objects//etc/evil", tarfile.REGTYPE),
    ("objects/evil", tarfile.SYMTYPE),
    ("objects/evil", tarfile.LNKTYPE),
    ("objects/evil", tarfile.CHRTYPE),
    ("objects", tarfile.DIRTYPE),
]


def test_names_that_lead_elsewhere_are_refused(another: Another, tmp_path: Path) -> None:
    file, app = tmp_path / "evil.tar", another()
    for name, kind in LEADING_ELSEWHERE:
        with tarfile.open(file, "w") as tar:
            told = tarfile.TarInfo(name)
            told.type, told.linkname = kind, "/etc/passwd"
            tar.addfile(told, io.BytesIO())
        _refused_and_nothing_written(app, file, "no backup of Waharoa")


def test_a_file_that_is_no_backup_is_refused(another: Another, tmp_path: Path) -> None:
    for name, data in (("a.tar", b"hello" * 1000), ("b.tar.gz", b"\x1f\x8bhello"), ("c.tar.zst", b"hello")):
        (tmp_path / name).write_bytes(data)
        _refused_and_nothing_written(another(), tmp_path / name, "")
    _refused_and_nothing_written(another(), tmp_path / "none.tar", "There is no file")


def test_a_backup_of_a_newer_release_is_refused(filled: Filled, another: Another, tmp_path: Path) -> None:
    _with_manifest(filled, tmp_path, revision="9999")
    _refused_and_nothing_written(another(), tmp_path / "other.tar", "newer Waharoa")


def test_the_other_kind_of_database_is_refused(filled: Filled, another: Another, tmp_path: Path) -> None:
    kind = "sqlite" if _is_postgresql(filled) else "postgresql"
    _with_manifest(filled, tmp_path, kind=kind)
    _refused_and_nothing_written(another(), tmp_path / "other.tar", "same kind")


def test_after_a_restore_waiting_mails_are_said(filled: Filled, another: Another, tmp_path: Path) -> None:
    filled.command("backup", tmp_path / "backup.tar")
    said = command(another(), "restore", tmp_path / "backup.tar")
    assert "mails waited" in said.output
    assert "SECRET_KEY" in said.output


def _is_postgresql(filled: Filled) -> bool:
    url: str = filled.app.extensions["settings"].database_url
    return url.startswith("postgresql")


def _move_into(bucket: Bucket, filled: Filled) -> None:
    """The files of this portal are in the bucket from now on."""
    was, app = the_store(), filled.app
    database = app.extensions["settings"].database_url
    app.extensions["settings"] = settings_for(database, filled.folder, **bucket.settings)
    app.extensions["store"] = becomes = opened(app.extensions["settings"])
    for key in stored():
        becomes.put_as(key, iter([b"".join(was.read(key))]))
    shutil.rmtree(filled.folder / "files")


def _noting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where programs that are found first note their arguments and the password they were given."""
    noted, first = folder / "noted", folder / "bin"
    first.mkdir()
    for name in ("pg_dump", "pg_restore"):
        note = f'[ "$1" = --version ] || printf "%s\\n" "$*" "$PGPASSWORD" >> {noted}'
        (first / name).write_text(f'#!/bin/sh\n{note}\nexec {find_program(name, 0)} "$@"\n')
        (first / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{first}:{os.environ['PATH']}")
    return noted


def _with_password(app: Flask, where: str) -> Database:
    url: str = app.extensions["settings"].database_url
    password = {
        "before the host": ("s3cret", ""),
        "in the query": ("", "s3cret"),
        "in both": ("another-s3cret", "s3cret"),
    }
    first, second = password[where]
    url = url.replace("waharoa@", f"waharoa:{first}@", 1) if first else url
    return database_of(f"{url}{'&' if '?' in url else '?'}password={second}" if second else url)


def _with_manifest(filled: Filled, folder: Path, **other: str) -> None:
    """A backup that says something else of itself."""
    filled.command("backup", folder / "backup.tar")
    with tarfile.open(folder / "backup.tar") as made, tarfile.open(folder / "other.tar", "w") as changed:
        for member in made.getmembers():
            source = made.extractfile(member)
            assert source is not None
            data = source.read()
            if member.name.endswith(".json"):
                data = json.dumps({**json.loads(data), **other}).encode()
            member.size = len(data)
            changed.addfile(member, io.BytesIO(data))


def _bodies(file: Path) -> list[int]:
    """A place in the middle of each member that has something in it, but for the manifest."""
    with tarfile.open(file) as tar:
        return [each.offset_data + each.size // 2 for each in tar if each.size and not each.name.endswith(".json")]


def _refused_and_nothing_written(app: Flask, file: Path, words: str) -> None:
    said = command(app, "restore", file)
    assert said.exit_code == 1, said.output
    assert words in said.output
    settings = app.extensions["settings"]
    database_of(settings.database_url).refuse_unless_empty()
    assert not list(Path(settings.storage).glob("*"))


def _sha256(key: str) -> str:
    return sha256(b"".join(the_store().read(key))).hexdigest()


def _wait_for(is_so: Callable[[], bool]) -> None:
    latest = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < latest
        time.sleep(0.02)
