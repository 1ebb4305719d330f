"""A file while it arrives: written to disk and counted as it comes; what is over its limit is read and thrown away."""

import contextlib
import hashlib
import io
import tempfile
from typing import IO, Any

PIECE = 256 * 1024


class Spool(io.RawIOBase):
    """What has arrived of one file, of at most so many bytes. With `keeps` false nothing of it is kept, only its bytes
    are counted."""

    def __init__(self, *, keeps: bool = True, largest: int | None = None) -> None:
        self.keeps = keeps
        self.size = 0
        self.has_no_room = False
        self._largest = largest
        self._digest = hashlib.sha256()
        self._file: IO[bytes] | None = None
        if keeps:
            self._begin()

    @property
    def is_too_large(self) -> bool:
        return self._largest is not None and self.size > self._largest

    @property
    def sha256(self) -> str:
        """Of all that arrived, kept or not."""
        return self._digest.hexdigest()

    def on_disk(self) -> IO[bytes]:
        """The file itself, for another program to read or write."""
        if self._file is None:
            raise OSError("nothing was kept")
        return self._file

    def measure(self) -> None:
        """Count what another program has written."""
        file = self.on_disk()
        file.seek(0)
        while piece := file.read(PIECE):
            self.size += len(piece)
            self._digest.update(piece)

    def write(self, data: Any) -> int:
        self.size += len(data)
        self._digest.update(data)
        if self.is_too_large:
            self._forget()
        elif self._file:
            self._keep(self._file, data)
        return len(data)

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer)) if self._file else b""
        buffer[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(-1 if size is None else size) or b""

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence) if self._file else 0

    def tell(self) -> int:
        return self._file.tell() if self._file else 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self._forget()
        super().close()

    def _begin(self) -> None:
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with this)
        except OSError:
            self.has_no_room = True

    def _keep(self, file: IO[bytes], data: Any) -> None:
        """Flushed at once: a full disk is noticed here, and only this file is refused."""
        try:
            file.write(data)
            file.flush()
        except OSError:
            self.has_no_room = True
            self._forget()

    def _forget(self) -> None:
        """Its room on the disk is free at once."""
        file, self._file = self._file, None
        if file:
            with contextlib.suppress(OSError):  # what could not be written cannot be flushed now either
                file.close()
