"""A child process that answers requests: whatever it does instead of answering in time, it is lost, and ended.

Both ways four bytes that say how long the head is, the head as JSON, then the parts whose sizes it names."""

import json
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO, Any, cast

LENGTH = struct.Struct(">I")
LONGEST_HEAD = 1024**2
MOST_BYTES = 100 * 1024**2
GRACE_SECONDS = 5.0
LONGEST_LAST_WORDS = 2000
Head = dict[str, Any]
Parts = Sequence[bytes]


class Lost(Exception):
    """It died, did not answer in time, or answered nonsense; it was ended. The text is what it last printed."""


class Child:
    """Started with this environment and no other; each answer has to come within so many seconds."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str], seconds: float) -> None:
        self._seconds = seconds
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 (closed at the end)
        self._process = subprocess.Popen(  # noqa: S603 (our own program)
            program,
            env=dict(environment),
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._printed,
        )

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def ask(self, head: Head, parts: Parts) -> tuple[Head, list[bytes]]:
        """Its answer. Raises `Lost`."""
        with self._in_time():
            _write(cast("IO[bytes]", self._process.stdin), head, parts)
            return _read(cast("IO[bytes]", self._process.stdout))

    def greeting(self) -> Head:
        """What it says first of all. Raises `Lost`."""
        with self._in_time():
            return _read(cast("IO[bytes]", self._process.stdout))[0]

    def end(self) -> None:
        """By the end of its input, by force where that does not help; nothing is left of it."""
        with suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        cast("IO[bytes]", self._process.stdout).close()
        self._printed.close()

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        clock = Timer(self._seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            yield
        except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
            self._process.kill()
            self._process.wait()
            raise Lost(self._last_words()) from error
        finally:
            clock.cancel()

    def _last_words(self) -> str:
        self._printed.seek(0)
        return self._printed.read().decode(errors="replace")[-LONGEST_LAST_WORDS:].strip()


def _write(target: IO[bytes], head: Head, parts: Parts) -> None:
    said = json.dumps({**head, "sizes": [len(part) for part in parts]}).encode()
    target.write(b"".join([LENGTH.pack(len(said)), said, *parts]))
    target.flush()


def _read(source: IO[bytes]) -> tuple[Head, list[bytes]]:
    length: int = LENGTH.unpack(_exactly(source, LENGTH.size))[0]
    if length > LONGEST_HEAD:
        raise ValueError("no head is as long as that")
    head = json.loads(_exactly(source, length))
    sizes = [int(size) for size in head["sizes"]]
    if min(sizes, default=0) < 0 or sum(sizes) > MOST_BYTES:
        raise ValueError("no answer is as long as that")
    return head, [_exactly(source, size) for size in sizes]


def _exactly(source: IO[bytes], size: int) -> bytes:
    found = source.read(size)
    if len(found) < size:
        raise EOFError
    return found
