"""Uploads through the real server: our own 413 page arrives, whatever is sent fills neither disk nor memory, and a line
that stalls is given up."""

import http.client
import os
import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app import create_app
from app.core.files.ours import OWNER
from app.core.security import csrf_token
from app.settings import Settings
from scripts import portal
from scripts.parts import Parts, free_ports
from tests import make
from tests.support import samples
from tests.support.client import Client
from tests.support.settings import closed

MEGABYTE = 1024**2
GIVEN_UP = 30  # seconds for all that stall: tests/files/hasty.py gives each four without a byte, not twenty
HEAD = 'Content-Disposition: form-data; name="{}"'
PATH = "/portal/cases/{}/files"
BETWEEN = "--limit"


@dataclass
class Served:
    """The portal behind gunicorn as `make serve` starts it, and somebody who is signed in."""

    port: int
    path: str
    cookie: str
    token: str
    folder: Path
    parts: Parts
    lines: list[http.client.HTTPConnection] = field(default_factory=list)

    def begin(self, length: int) -> http.client.HTTPConnection:
        """A form with files, up to the first byte of its body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.lines.append(line)
        line.putrequest("POST", self.path, skip_host=True)
        origin = f"http://localhost:{self.port}"
        for name, text in {
            "Host": f"localhost:{self.port}",
            "Origin": origin,
            "Cookie": self.cookie,
            "Content-Type": f"multipart/form-data; boundary={BETWEEN[2:]}",
            "Content-Length": str(length),
        }.items():
            line.putheader(name, text)
        line.endheaders()
        return line

    def memory(self) -> int:
        """Of the web process that has most, in megabytes; the second may not have begun yet when the first answers."""
        (master,) = (process.pid for process in self.parts.running.values())
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return max(_resident(int(pid)) for pid in children)

    def on_disk(self) -> int:
        """Bytes in its folder of files and where it keeps what arrives; what is open and nameless included."""
        files = self.folder / "files"
        return sum(path.stat().st_size for path in files.rglob("*") if path.is_file() and path != files / OWNER)


@pytest.fixture
def served(sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    (port,) = free_ports(1)
    (tmp_path / "files").mkdir()
    shutil.copyfile(sqlite_template, tmp_path / "waharoa.sqlite")
    environment = portal.demonstration_environment(tmp_path, portal.Ports(port, port, port))
    environment.pop("PYTHONWARNINGS", None)
    settings = Settings.from_env(environment)
    with closed(create_app(settings)) as app:
        app.test_client_class = Client
        client = app.test_client()
        assert isinstance(client, Client)
        world = client.outside(make.world)
        number = client.outside(lambda: make.open_case(world).number)
        client.sign_in(world.tom.person_id)
        cookie = client.get_cookie(settings.session_cookie)
        assert cookie
    parts = Parts(tmp_path / "web.log")
    *command, _ = portal.web_command(environment)
    parts.start("web", [*command, "tests.files.hasty:app"], environment)
    try:
        _wait_until_served(port, parts)
        token = csrf_token(settings.secret_key, world.tom.person_id)
        path = PATH.format(number)
        found = Served(port, path, f"{settings.session_cookie}={cookie.value}", token, tmp_path, parts)
        yield found
        for line in found.lines:
            line.close()
    finally:
        parts.end()


def form(served: Served, content: bytes, name: str) -> bytes:
    parts = [(HEAD.format("csrf_token"), served.token.encode()), (HEAD.format("once"), os.urandom(8).hex().encode())]
    parts.append((HEAD.format("files") + f'; filename="{name}"', content))
    made = b"".join(f"{BETWEEN}\r\n{head}\r\n\r\n".encode() + body + b"\r\n" for head, body in parts)
    return made + f"{BETWEEN}--\r\n".encode()


def status_of(line: http.client.HTTPConnection) -> int:
    with line.getresponse() as answer:
        answer.read()
        return answer.status


def test_a_file_is_kept(served: Served) -> None:
    body = form(served, samples.pdf(), "letter.pdf")
    line = served.begin(len(body))
    line.send(body)
    assert status_of(line) == 303
    assert served.on_disk() == len(samples.pdf())


@pytest.mark.parametrize("megabytes", [150, 1024])
def test_our_own_page_arrives_when_too_much_is_sent(served: Served, megabytes: int) -> None:
    """The whole body is pushed through before the answer is read, as a browser does."""
    before = served.memory()
    line = served.begin(megabytes * MEGABYTE)
    for _ in range(megabytes):
        line.send(b"x" * MEGABYTE)
    with line.getresponse() as answer:
        page = answer.read().decode()
        assert answer.status == 413
    assert "One form may carry 100 MB of files" in page
    assert served.memory() - before < 60
    assert served.on_disk() == 0


def test_stalled_uploads_on_every_thread_are_given_up(served: Served) -> None:
    """Each of the eight takes a thread until it is given up; then the others' turn comes."""
    assert statuses_of_stalled(served) == {400}


def test_stalled_uploads_of_an_ended_sign_in_are_given_up_too(served: Served) -> None:
    """What would be kept for its sender is waited for no longer than anything else."""
    with closing(sqlite3.connect(served.folder / "waharoa.sqlite")) as database, database:
        assert database.execute("UPDATE sign_in SET ended_at = '2026-01-01 00:00:00.000000'").rowcount == 1
    assert statuses_of_stalled(served) == {303}


def statuses_of_stalled(served: Served) -> set[int]:
    """Stalled uploads for all eight threads, and a whole one whose turn comes all the same; what became of the stalled
    ones. One of the two processes may take them all in: then they are given up in two rounds, four at a time."""
    body = form(served, b"x" * MEGABYTE, "a.txt")
    stalled = [served.begin(len(body)) for _ in range(8)]
    for line in stalled:
        line.send(body[:1000])
    time.sleep(1)
    whole = form(served, b"Kia ora", "b.txt")
    line = served.begin(len(whole))
    line.send(whole)
    began = time.monotonic()
    assert status_of(line) == 303
    assert time.monotonic() - began < GIVEN_UP
    return {status_of(each) for each in stalled}


def _wait_until_served(port: int, parts: Parts) -> None:
    latest = time.monotonic() + 30
    while time.monotonic() < latest:
        assert parts.dead() is None, parts.last_words()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                if b"200" in line.recv(100):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(parts.last_words())


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // MEGABYTE
