"""A real Redis to test with, in its own folder, reached by a socket there and at a port of this machine."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from scripts.parts import Parts, free_ports

START_SECONDS = 30
PASSWORD = "a password that nobody may see"


@dataclass
class RedisServer:
    """Give `address` to the app as LIMITS; it can be stopped, and started again."""

    folder: Path
    port: int
    parts: Parts = field(init=False)

    def __post_init__(self) -> None:
        self.parts = Parts(self.folder / "redis.log")

    @property
    def address(self) -> str:
        return f"redis://:{self.quoted}@127.0.0.1:{self.port}/0"

    @property
    def quoted(self) -> str:
        """The password as it stands in an address."""
        return quote(PASSWORD)

    @property
    def socket(self) -> Path:
        return self.folder / "redis.sock"

    def start(self, **more: str) -> None:
        program = shutil.which("redis-server", path="/usr/bin:/usr/local/bin")
        assert program, "redis-server is lacking: `make test` installs it"
        self.parts.start("redis", [program, *self._options(more)], {})
        latest = time.monotonic() + START_SECONDS
        while not self.socket.exists():
            assert self.parts.dead() is None, self.parts.last_words()
            assert time.monotonic() < latest, self.parts.last_words()
            time.sleep(0.02)

    def stop(self) -> None:
        self.parts.end()
        self.socket.unlink(missing_ok=True)

    def restart_with_tls(self, certificate: Path) -> int:
        """Where it listens from now on; the file has the key too."""
        self.stop()
        port, file = free_ports(1)[0], str(certificate)
        more = {"tls-port": str(port), "tls-cert-file": file, "tls-key-file": file, "tls-ca-cert-file": file}
        self.start(**more, **{"tls-auth-clients": "no"})
        return port

    def _options(self, more: dict[str, str]) -> list[str]:
        """It keeps nothing on disk; its socket is the last that it makes ready."""
        given = {"port": str(self.port), "bind": "127.0.0.1", "unixsocket": str(self.socket), "requirepass": PASSWORD}
        given |= {"save": "", "appendonly": "no", "dir": str(self.folder)} | more
        return [part for name, text in given.items() for part in (f"--{name}", text)]


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"), free_ports(1)[0])
    server.start()
    yield server
    server.stop()
