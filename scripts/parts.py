"""Starting, watching and ending child processes: each in its own session, ended by its own id, never outliving us."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 5.0
OURS = range(12_000, 32_000)
TRIES = 20
_END_WITH_PARENT = 1  # prctl's PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None)


@dataclass
class Parts:
    """The processes we started, in order; what they print goes to one log file."""

    log: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _starts: dict[str, Callable[[], None]] = field(default_factory=dict)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], **more: Any) -> None:
        def begin() -> None:
            with self.log.open("ab") as log:
                self.running[name] = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    preexec_fn=_end_with_parent,  # noqa: PLW1509 (we start no threads)
                    **more,
                )

        self._starts[name] = begin
        begin()

    def restart(self, name: str) -> None:
        """Start a part anew, after what is left of it has ended: children of a killed part may still hold its port."""
        process = self.running.pop(name)
        _end_group(process.pid)
        process.wait()
        self._starts[name]()

    def dead(self) -> str | None:
        """The name of a part that ended by itself."""
        return next((name for name, process in self.running.items() if process.poll() is not None), None)

    def end(self, asking: signal.Signals = signal.SIGTERM) -> None:
        """Ask each to end, last started first; after five seconds end what is left with all its children."""
        for process in reversed(self.running.values()):
            if process.poll() is None:
                process.send_signal(asking)
        latest = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            _wait_or_kill(process, latest)
        self.running.clear()

    def last_words(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, each a different one: below those that the system itself gives to whoever asks for any,
    so that nobody is given one of them before it is used."""
    return random.sample([port for port in random.sample(OURS, count + TRIES) if is_free(port)], count)


def is_free(port: int) -> bool:
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _end_with_parent() -> None:
    _libc.prctl(_END_WITH_PARENT, signal.SIGTERM)


def _end_group(number: int) -> None:
    """Ask all of it to end; end what has not after five seconds."""
    latest = time.monotonic() + GRACE_SECONDS
    with suppress(ProcessLookupError):
        os.killpg(number, signal.SIGTERM)
        while time.monotonic() < latest:
            time.sleep(0.05)
            os.killpg(number, 0)
        os.killpg(number, signal.SIGKILL)


def _wait_or_kill(process: subprocess.Popen[bytes], latest: float) -> None:
    try:
        process.wait(max(0.1, latest - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
