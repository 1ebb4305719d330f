"""The body of a request: how much of it is taken, how long it is waited for, and where its files go as they arrive."""

import io
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from socket import SHUT_RDWR
from typing import IO, Any, Protocol

from flask import Flask, Request, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.figures import the_figures
from app.core.files import lines
from app.core.files.spool import Spool
from app.core.web.guards import declared_sent
from app.core.web.parts import SAFE
from app.core.web.writes import Sent

TEXT_BYTES = 1024**2
HEADS_BYTES = 512 * 1024
"""What the names and heads of the parts of a form with files may take besides."""

STALLED_SECONDS = 20
"""Without a single byte: then the sender is given up."""
LONGEST_SECONDS = 900
DRAIN_SECONDS = 30
DRAIN_BYTES = 1024**3
PIECE = 256 * 1024
GIVEN_UP = "waharoa.given_up"


def set_up(app: Flask) -> None:
    app.request_class = LimitedRequest
    app.after_request(_drain_afterwards)


class LimitedRequest(Request):
    """A form with files may be large, its text may not; each of its files goes to disk as it comes."""

    @property
    def spools(self) -> list[Spool]:
        found: list[Spool] = self.__dict__.setdefault("_spools", [])
        return found

    def close(self) -> None:
        for spool in self.spools:
            spool.close()
        super().close()

    def _load_form_data(self) -> None:
        """It may come slowly: no transaction waits for it."""
        if "form" in self.__dict__:
            return
        db.session.rollback()
        if declared_sent().may_have_files:
            self.max_content_length = max(the_figures().largest_form, _largest()) + TEXT_BYTES
        with patient(self.environ):
            super()._load_form_data()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        kept, figures = sum(1 for spool in self.spools if spool.keeps), the_figures()
        is_kept = bool(filename) and kept < figures.most_files  # a field left empty comes without a name
        spool = Spool(keeps=is_kept, largest=_largest())
        self.spools.append(spool)
        return spool  # type: ignore[return-value]

    def _get_stream_for_parsing(self) -> IO[bytes]:
        return Counted(super()._get_stream_for_parsing(), self.spools)  # type: ignore[return-value]


def _largest() -> int:
    """Bytes of one file: a long table may have more than others."""
    return lines.MOST_BYTES if declared_sent() is Sent.TABLE else the_figures().largest_file


class Sized(Protocol):
    """Where the bytes of a file go, and how many those were."""

    size: int


class Counted(io.RawIOBase):
    """What is read and does not go to disk stays in memory: that much is text, and limited."""

    def __init__(self, body: IO[bytes], spools: Sequence[Sized]) -> None:
        self._body = body
        self._spools = spools
        self._read = 0
        self._latest = time.monotonic() + LONGEST_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        self._read += len(data)
        if self._read - sum(spool.size for spool in self._spools) > TEXT_BYTES + HEADS_BYTES:
            raise RequestEntityTooLarge
        if time.monotonic() > self._latest:
            raise ClientDisconnected
        return len(data)


def _drain_afterwards(response: Response) -> Response:
    """What nobody has read of a body is read when the answer is out, within limits: a connection that is closed while
    something still comes is reset, and the browser would show that instead of our answer."""
    if request.method not in SAFE:
        response.call_on_close(partial(_hang_up if GIVEN_UP in request.environ else _drain, request.environ))
    return response


def _drain(environ: dict[str, Any]) -> None:
    latest, left = time.monotonic() + DRAIN_SECONDS, DRAIN_BYTES
    body = environ["wsgi.input"]
    with suppress(OSError, ValueError), patient(environ, 2):
        while left > 0 and time.monotonic() < latest and (data := body.read(PIECE)):
            left -= len(data)


def _hang_up(environ: dict[str, Any]) -> None:
    """The server would wait for the goodbye of each sender who is gone, and take in nobody meanwhile."""
    if line := environ.get("gunicorn.socket"):
        with suppress(OSError):
            line.shutdown(SHUT_RDWR)


@contextmanager
def patient(environ: dict[str, Any], seconds: float | None = None) -> Iterator[None]:
    """How long a read waits for the sender, where the server tells its line. Whoever was given up is not waited for
    again, however often the form is asked for afterwards: by the error page, and by what reads the rest."""
    if GIVEN_UP in environ:
        raise ClientDisconnected
    line = environ.get("gunicorn.socket")
    before = line.gettimeout() if line else None
    if line:
        line.settimeout(STALLED_SECONDS if seconds is None else seconds)
    try:
        yield
    except (ClientDisconnected, OSError):
        environ[GIVEN_UP] = True
        raise
    finally:
        if line:
            with suppress(OSError):  # it may be closed by now
                line.settimeout(before)
