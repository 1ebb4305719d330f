"""The proxies' files in docs/proxies, with the real proxies before the real portal: only addresses, ports and the
certificate are put in."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.core.db import begin_write, db
from app.core.security import csrf_token, random_token
from scripts import portal
from scripts.parts import ROOT, Parts, free_ports
from tests import make
from tests.operating.conftest import environment
from tests.support.client import Client
from tests.support.settings import closed, settings_for

HOST = "attendance.example.nz"
MB = 1_000_000
STALLED = 8
"""As many as the portal has threads."""
PARTS = b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'


@dataclass
class Served:
    """The portal behind a proxy, and somebody who is signed in."""

    outside: int
    inside: int
    cookie: str
    token: str
    case: str
    folder: Path
    log: Path

    def line(self) -> ssl.SSLSocket:
        how = ssl.create_default_context()
        how.check_hostname, how.verify_mode = False, ssl.CERT_NONE
        return how.wrap_socket(socket.create_connection(("127.0.0.1", self.outside), 30), server_hostname=HOST)

    def head(self, what: str, *more: str) -> bytes:
        at = f"{HOST}:{self.outside}"
        lines = [f"{what} HTTP/1.1", f"Host: {at}", f"Origin: https://{at}", f"Cookie: {self.cookie}", *more]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode()

    def get(self, path: str, *more: str) -> tuple[int, str]:
        with self.line() as line:
            line.sendall(self.head(f"GET {path}", *more))
            return _answer(line)

    def post(self, files: int, sent: int | None = None) -> tuple[int, str]:
        """A form with so many files of 24 MB. A browser reads the answer also where it could not send all of it."""
        with self.line() as line:
            self.begin(line, files)
            with suppress(OSError):
                for chunk in self.body(files):
                    line.sendall(chunk)
            return _answer(line)

    def begin(self, line: socket.socket, files: int) -> None:
        size = sum(len(chunk) for chunk in self.body(files))
        kind = "Content-Type: multipart/form-data; boundary=b"
        line.sendall(self.head(f"POST /workspace/cases/{self.case}/files", kind, f"Content-Length: {size}"))

    def body(self, files: int) -> Iterator[bytes]:
        for name, text in (("csrf_token", self.token), ("once", random_token())):
            yield PARTS % (name.encode(), b"") + text.encode() + b"\r\n"
        for number in range(files):
            yield PARTS % (b"files", b'; filename="notes %d.txt"' % number)
            for _ in range(24):
                yield (b"What was said that day.\n" * 50_000)[:MB]
            yield b"\r\n"
        yield b"--b--\r\n"


@pytest.fixture(scope="module")
def served(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The portal as `make serve` runs it, for https behind one proxy."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(sqlite_template, folder / "waharoa.sqlite")
    outside, inside = free_ports(2)
    more = {"PUBLIC_URL": f"https://{HOST}:{outside}", "TRUSTED_PROXIES": "1"}
    settings = settings_for(f"sqlite:///{folder / 'waharoa.sqlite'}", folder, **more)
    with closed(create_app(settings)) as app:
        app.test_client_class = Client
        client = app.test_client()
        assert isinstance(client, Client)
        case, person = _world(app)
        client.sign_in(person)
        cookie = client.get_cookie(settings.session_cookie, domain=HOST)
        assert cookie is not None
    log = folder / "log"
    given = {**environment(settings), "PORT": str(inside)}
    token = csrf_token(settings.secret_key, person)
    parts = Parts(log)
    try:
        parts.start("web", portal.web_command(given), given)
        _wait_until_open(inside, parts)
        yield Served(outside, inside, f"{settings.session_cookie}={cookie.value}", token, case, folder, log)
        assert parts.dead() is None
    finally:
        parts.end()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def proxied(
    request: pytest.FixtureRequest, served: Served, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp(request.param)
    _certificate(folder)
    command = PROXIES[request.param](served, folder)
    parts = Parts(folder / "log")
    try:
        parts.start(request.param, command, {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)})
        _wait_until_open(served.outside, parts)
        yield replace(served, folder=folder)
        assert parts.dead() is None
    finally:
        parts.end()


def test_stalled_uploads_hold_up_nobody(proxied: Served) -> None:
    """As many as the portal has threads, each with a part of its form sent and nothing more."""
    stalled = [proxied.line() for _ in range(STALLED)]
    try:
        for line in stalled:
            proxied.begin(line, 1)
            line.sendall(b"--b\r\n" + b"x" * 300_000)
        time.sleep(0.3)
        assert proxied.get(f"/workspace/cases/{proxied.case}/")[0] == 200
    finally:
        for line in stalled:
            line.close()


def test_a_form_of_a_hundred_megabytes_passes(proxied: Served) -> None:
    status, text = proxied.post(4)
    assert status == 303, text[:2000]


def test_what_is_too_large_is_answered_by_our_page(proxied: Served) -> None:
    status, text = proxied.post(6)
    assert status == 413
    assert "That is too much at once" in text
    assert "Waharoa" in text


def test_a_form_a_little_over_the_portals_limit_is_answered_by_the_portal(proxied: Served) -> None:
    with proxied.line() as line:
        line.sendall(
            proxied.head("POST /sign-out", "Content-Type: text/plain", "Content-Length: 2000000") + b"x" * 2 * MB
        )
        status, text = _answer(line)
    assert status == 413
    assert "That is too much at once" in text


def test_https_is_known_whatever_the_browser_says(proxied: Served) -> None:
    status, text = proxied.get(f"/workspace/cases/{proxied.case}/", "X-Forwarded-Proto: http")
    assert status == 200
    assert "strict-transport-security: max-age=31536000" in text.lower()


def test_no_log_holds_what_was_looked_for(proxied: Served) -> None:
    assert proxied.get("/search?q=Whatitiri")[0] == 200
    logs = {file.name: file.read_text() for file in proxied.folder.glob("*log")}
    assert not [name for name, text in logs.items() if "Whatitiri" in text]
    assert proxied.folder.name.startswith("caddy") or '"GET /search" 200' in logs["waharoa.log"]


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_an_address_that_somebody_makes_up_does_not_count(served: Served, tmp_path: Path, kind: str) -> None:
    """The portal counts the last address: with something else in its place, what would have come to it is seen."""
    outside, inside = free_ports(2)
    parts = Parts(tmp_path / "log")
    _certificate(tmp_path)
    here = replace(served, outside=outside, inside=inside)
    with socket.create_server(("127.0.0.1", inside)) as portal_instead:
        portal_instead.settimeout(20)
        try:
            parts.start(kind, PROXIES[kind](here, tmp_path), {**os.environ, "HOME": str(tmp_path)})
            _wait_until_open(outside, parts)
            with here.line() as line:
                line.sendall(here.head("GET /", "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: http"))
                came, _ = portal_instead.accept()
                with came:
                    told = came.recv(65536).decode()
        finally:
            parts.end()
    headers = dict(each.split(": ", 1) for each in told.strip().split("\r\n")[1:])
    headers = {name.lower(): text for name, text in headers.items()}
    assert headers["x-forwarded-for"].split(", ")[-1] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == headers["x-forwarded-host"] == f"{HOST}:{outside}"


def test_without_a_proxy_they_would_hold_up_everybody(served: Served) -> None:
    """What the proxies are for; so the test above can fail. One process may take most of them, so there are more until
    both are full."""
    with ExitStack() as stack:
        for _ in range(8):
            for _ in range(STALLED):
                line = stack.enter_context(socket.create_connection(("127.0.0.1", served.inside)))
                served.begin(line, 1)
                line.sendall(b"--b\r\n" + b"x" * 1000)
            time.sleep(1)
            if _holds_up(served):
                return
    raise AssertionError("somebody was answered although every thread should have waited")


def _holds_up(served: Served) -> bool:
    with socket.create_connection(("127.0.0.1", served.inside), timeout=2) as line:
        line.sendall(served.head(f"GET /workspace/cases/{served.case}/"))
        try:
            line.recv(1)
        except TimeoutError:
            return True
    return False


def _world(app: Flask) -> tuple[str, int]:
    with app.app_context():
        begin_write()
        world = make.world()
        case = make.open_case(world)
        db.session.commit()
        return case.number, world.ana.person_id


def _nginx(served: Served, folder: Path) -> list[str]:
    """The server block as it stands, in the least of a main file."""
    server = (ROOT / "docs" / "proxies" / "nginx.conf").read_text()
    server = server.replace("listen 443", f"listen 127.0.0.1:{served.outside}").replace(
        "127.0.0.1:8000", f"127.0.0.1:{served.inside}"
    )
    server = server.replace("/etc/ssl/attendance.pem", str(folder / "cert.pem"))
    server = server.replace("/etc/ssl/private/attendance.key", str(folder / "key.pem"))
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    server = server.replace("/var/log/nginx/", f"{folder}/")
    user = "user root;" if os.geteuid() == 0 else ""
    main = f"{user} daemon off; pid {folder}/pid; error_log stderr; worker_processes 1; events {{}}"
    (folder / "nginx.conf").write_text(f"{main} http {{ {temporary}\n{server} }}")
    return ["/usr/sbin/nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def _caddy(served: Served, folder: Path) -> list[str]:
    site = (ROOT / "docs" / "proxies" / "Caddyfile").read_text()
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{served.inside}")
    tls = f"tls {folder / 'cert.pem'} {folder / 'key.pem'}"
    site = site.replace(f"\n{HOST} {{", f"\n{HOST}:{served.outside} {{\n\tbind 127.0.0.1\n\t{tls}\n")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{site}")
    return ["/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


def _certificate(folder: Path) -> None:
    how = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    where = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem"), "-subj", f"/CN={HOST}"]
    more = ["-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(["openssl", *how, *where, *more], check=True, capture_output=True)


def _answer(line: socket.socket) -> tuple[int, str]:
    said = b""
    with suppress(OSError):
        while chunk := line.recv(65536):
            said += chunk
    assert said, "the connection was cut without an answer"
    return int(said.split(maxsplit=2)[1]), said.decode(errors="replace")


def _wait_until_open(port: int, parts: Parts) -> None:
    latest = time.monotonic() + 30
    while time.monotonic() < latest and parts.dead() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(parts.last_words())


PROXIES = {"nginx": _nginx, "caddy": _caddy}
