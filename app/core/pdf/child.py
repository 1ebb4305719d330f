"""A child process that answers requests: whatever it does instead of answering in time, it is lost, and ended."""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO, cast

from app.core.pdf import frames
from app.core.pdf.frames import Head

GRACE_SECONDS = 5.0
LONGEST_LAST_WORDS = 2000
Parts = Sequence[bytes]


class Lost(Exception):
    """It died, did not answer in time, or answered nonsense; it was ended. The text is what it last printed."""


class Child:
    """Started with this environment and no other; each answer has to come within so many seconds."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str], seconds: float) -> None:
        self._seconds = seconds
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 (closed at the end)
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own program)
                program,
                env=dict(environment),
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._printed,
            )
        except OSError:
            self._printed.close()
            raise

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def ask(self, head: Head, parts: Parts) -> tuple[Head, list[bytes]]:
        """Its answer. Raises `Lost`."""
        with self._in_time():
            frames.write(cast("IO[bytes]", self._process.stdin), head, parts)
            return frames.read(cast("IO[bytes]", self._process.stdout))

    def greeting(self) -> Head:
        """What it says first of all. Raises `Lost`."""
        with self._in_time():
            return frames.read(cast("IO[bytes]", self._process.stdout))[0]

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
