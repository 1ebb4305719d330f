"""Sign-in servers written by others, as processes of their own: a certified one, and one that can be bent."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from scripts.assets import node
from scripts.parts import ROOT, free_ports

HERE = Path(__file__).parent


@dataclass
class Hostile:
    """A sign-in server that does what the test wishes at the next sign-in."""

    issuer: str
    process: "subprocess.Popen[str]"

    def wish(self, **what: Any) -> str:
        """Raises AssertionError when the server died."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer, "the hostile server has ended"
        return answer

    def logout_token(self, **claims: Any) -> str:
        return self.wish(logout=claims)


@dataclass
class Certified:
    """A sign-in server that does everything right. `browser` holds its cookies, as one person's browser would."""

    issuer: str
    portal: str
    browser: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.browser.trust_env = False


@contextmanager
def hostile_server() -> Iterator[Hostile]:
    with _running("hostile.mjs") as process:
        assert process.stdout
        issuer = process.stdout.readline().strip()
        assert issuer.startswith("http://"), "the hostile server did not start"
        yield Hostile(issuer, process)


@contextmanager
def certified_server(client_id: str, client_secret: str) -> Iterator[Certified]:
    port, portal_port = free_ports(2)
    portal = f"http://localhost:{portal_port}"
    with _running("certified.mjs", str(port), portal, client_id, client_secret) as process:
        assert process.stdout
        assert "ready" in process.stdout.readline()
        yield Certified(f"http://localhost:{port}", portal)


def path_of(address: str) -> str:
    """Path and query, for a client that knows only one host."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@contextmanager
def _running(script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [*node(), str(HERE / script), *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=10)
