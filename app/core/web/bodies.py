"""The body of a request: how much of it is taken, and where its files go while they arrive."""

import io
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from app.core.files.spool import MOST, Spool
from app.core.web.guards import declared_sent
from app.core.web.writes import Sent

TEXT_BYTES = 1024**2
FILES_BYTES = 100 * 1024**2
HEADS_BYTES = 512 * 1024
"""What the names and heads of the parts of a form with files may take besides."""


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
        if declared_sent() is Sent.FILES:
            self.max_content_length = FILES_BYTES + TEXT_BYTES
        super()._load_form_data()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        kept = sum(1 for spool in self.spools if spool.keeps)
        spool = Spool(keeps=bool(filename) and kept < MOST)  # a field left empty comes without a name
        self.spools.append(spool)
        return spool  # type: ignore[return-value]

    def _get_stream_for_parsing(self) -> IO[bytes]:
        return _Counted(super()._get_stream_for_parsing(), self.spools)  # type: ignore[return-value]


class _Counted(io.RawIOBase):
    """What is read and does not go to disk stays in memory: that much is text, and limited."""

    def __init__(self, body: IO[bytes], spools: list[Spool]) -> None:
        self._body = body
        self._spools = spools
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        self._read += len(data)
        if self._read - sum(spool.size for spool in self._spools) > TEXT_BYTES + HEADS_BYTES:
            raise RequestEntityTooLarge
        return len(data)
