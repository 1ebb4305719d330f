"""Uploads through the real server: our own 413 page arrives, whatever is sent fills neither disk nor memory, and a line
that stalls is given up."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app import create_app
from app.core.security import csrf_token
from scripts import portal
from scripts.parts import Parts, free_ports
from tests.support.databases import Database
from tests.support.settings import closed, settings_for

MEGABYTE = 1024**2
URL = "/portal/requests/{}"


@pytest.fixture
def served(database: Database, tmp_path: Path) -> Iterator[tuple[int, Parts]]:
    """The portal behind gunicorn as `make serve` starts it; the port, and its processes."""
    port = free_ports(1)[0]
    (tmp_path / "files").mkdir(exist_ok=True)
    ports = portal.Ports(port, port, port)
    environment = portal.demonstration_environment(tmp_path, ports, database.url)
    environment["TMPDIR"] = str(tmp_path / "tmp")
    (tmp_path / "tmp").mkdir()
    parts = Parts(tmp_path / "log")
    parts.start("web", portal.web_command(environment), environment)
    latest = time.monotonic() + 30
    while not _answers(port):
        assert parts.dead() is None, parts.last_words()
        assert time.monotonic() < latest
        time.sleep(0.1)
    yield port, parts
    parts.end()
