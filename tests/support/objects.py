"""Stores to test with: a folder, and a bucket of a real server that speaks S3."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from app.core.files.store import Store, opened
from scripts.parts import ROOT, Parts, free_ports, is_free
from tests.support.settings import settings_for

KEY_ID, SECRET = "tester", "a secret of tests"
BUCKET = "waharoa-tests"
START_SECONDS = 20
_numbers = count(1)


@dataclass(frozen=True)
class StoreAt:
    """A store, and the folder that its objects end in."""

    it: Store
    folder: Path


@dataclass(frozen=True)
class Bucket:
    """The settings that lead to it, and the folder that its objects end in."""

    settings: dict[str, str]
    folder: Path


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where it listens, and the folder whose folders are its buckets."""
    folder = tmp_path_factory.mktemp("s3")
    (folder / BUCKET).mkdir()
    port = free_ports(1)[0]
    parts = Parts(folder.parent / "s3.log")
    options = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY_ID},{SECRET}", "--vfs-cache-mode", "off"]
    environment = {"HOME": str(folder), "RCLONE_CONFIG": "/dev/null"}
    parts.start("s3", [str(ROOT / ".venv/bin/rclone"), "serve", "s3", str(folder), *options], environment)
    try:
        wait_until_taken(parts, port)
        yield f"http://127.0.0.1:{port}", folder
    finally:
        parts.end()


@pytest.fixture
def bucket(s3_server: tuple[str, Path], tmp_path: Path) -> Bucket:
    """A place of the test's own in it."""
    endpoint, folder = s3_server
    prefix = f"files/{next(_numbers)}"
    settings = {
        "STORAGE": f"s3://{BUCKET}/{prefix}",
        "STORAGE_ENDPOINT": endpoint,
        "STORAGE_REGION": "nz-1",
        "STORAGE_KEY_ID": KEY_ID,
        "STORAGE_SECRET": SECRET,
    }
    return Bucket(settings, folder / BUCKET / prefix)


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StoreAt:
    if request.param == "folder":
        return StoreAt(opened(settings_for("sqlite://", tmp_path)), tmp_path / "files")
    bucket: Bucket = request.getfixturevalue("bucket")
    return StoreAt(opened(settings_for("sqlite://", tmp_path, **bucket.settings)), bucket.folder)


@pytest.fixture(params=["folder", "bucket"])
def gone_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A folder that went away; a server that does not answer."""
    if request.param == "folder":
        settings = settings_for("sqlite://", tmp_path)
        made = opened(settings)
        (tmp_path / "files").rmdir()
        (tmp_path / "files").touch()
        return made
    nobody = f"http://127.0.0.1:{free_ports(1)[0]}"
    there = {"STORAGE": "s3://none", "STORAGE_ENDPOINT": nobody, "STORAGE_KEY_ID": "a", "STORAGE_SECRET": "b"}
    return opened(settings_for("sqlite://", tmp_path, **there))


def wait_until_taken(parts: Parts, port: int) -> None:
    """Until somebody listens there."""
    latest = time.monotonic() + START_SECONDS
    while is_free(port):
        assert parts.dead() is None, parts.last_words()
        assert time.monotonic() < latest, parts.last_words()
        time.sleep(0.05)
