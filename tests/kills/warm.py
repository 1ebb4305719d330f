"""Parts that start in no time: a process that has the whole portal imported, and nothing more, forks one when it is asked to.
What a part is, its environment, its arguments and its own session, is as if it had been started; to import everything anew
for each of a hundred starts was most of what these tests took.

`python -m tests.kills.warm` is that process: it buries its children, and says how they ended."""

import ctypes
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, ClassVar, NoReturn, cast

from scripts.parts import ROOT, Parts

MODULES = ("gunicorn", "tests.kills.start")
IMPORTED = ("app.cli", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread")
"""Imported, not made: with the first of them comes the whole portal."""
LENGTH = 1_000_000
_ended: dict[int, int] = {}


class Warm:
    """Asks it. One question at a time: the tests of a worker ask in turn."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def start(self, command: Sequence[str], environment: Mapping[str, str], log: int) -> "Started":
        asked = json.dumps({"arguments": list(command[2:]), "environment": dict(environment)}).encode()
        socket.send_fds(self._line, [asked], [log])
        return Started(self, json.loads(self._line.recv(LENGTH)))

    def ended(self, pid: int) -> int | None:
        """With what, unless it still runs."""
        self._line.send(json.dumps({"pid": pid}).encode())
        found: int | None = json.loads(self._line.recv(LENGTH))
        return found


class Started:
    """What `Parts` knows of a process."""

    def __init__(self, warm: Warm, pid: int) -> None:
        self.pid, self.returncode = pid, cast("int | None", None)
        self._warm = warm

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._warm.ended(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        latest = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while (ended := self.poll()) is None:
            if time.monotonic() > latest:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.02)
        return ended

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class WarmParts(Parts):
    """Starts what can be forked by forking it, in all tests of a worker by the same one."""

    warm: ClassVar[Warm]

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str], **more: Any) -> None:
        if command[2] not in MODULES:
            super().start(name, command, environment, **more)
            return

        def begin() -> None:
            with self.log.open("ab") as log:
                started = self.warm.start(command, environment, log.fileno())
                self.running[name] = cast("subprocess.Popen[bytes]", started)

        self._starts[name] = begin
        begin()


@contextmanager
def warmed() -> Iterator[Warm]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        command = [sys.executable, "-m", __name__]
        with subprocess.Popen(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, stdin=theirs.fileno()) as process:
            theirs.close()
            yield Warm(ours)
            ours.close()
            assert process.wait(60) == 0


def serve() -> Mapping[str, Any]:
    """Until nobody asks any more; comes back only in a child, with what it was asked for."""
    signal.signal(signal.SIGCHLD, bury)
    line = socket.socket(fileno=os.dup(0))
    while True:
        asked, given, _, _ = socket.recv_fds(line, LENGTH, 1)
        if not asked:
            sys.exit()
        question = json.loads(asked)
        if "pid" in question:
            line.send(json.dumps(_ended.get(question["pid"])).encode())
        elif pid := os.fork():
            os.close(given[0])
            line.send(json.dumps(pid).encode())
        else:
            line.close()
            become(question["environment"], given[0])
            return cast("Mapping[str, Any]", question)


def bury(_number: int, _frame: object) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _ended[pid] = os.waitstatus_to_exitcode(status)


def become(environment: Mapping[str, str], log: int) -> None:
    """As `Parts` starts a process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # it ends with its parent
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, becomes in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, becomes)
    os.close(nothing)
    os.close(log)
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)


def run(arguments: Sequence[str]) -> NoReturn:
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    sys.exit()


if __name__ == "__main__":
    for each in IMPORTED:
        import_module(each)
    run(serve()["arguments"])
