"""A file while it arrives: written to disk and counted as it comes; what is over its limit is read and thrown away."""

import hashlib
import io
import tempfile
from typing import Any

LARGEST = 25 * 1024 * 1024
MOST = 20
"""Files in one form (SHARE-6)."""


class Spool(io.RawIOBase):
    """What has arrived of one file. With `keeps` false nothing of it is kept, only its bytes are counted."""

    def __init__(self, *, is_named: bool = True, keeps: bool = True) -> None:
        self.is_named = is_named
        self.keeps = keeps
        self.size = 0
        self.is_too_large = False
        self.has_no_room = False
        self._digest = hashlib.sha256()
        self._file = tempfile.TemporaryFile() if keeps else None  # noqa: SIM115 (closed with this)

    @property
    def sha256(self) -> str:
        """Of all that arrived, kept or not."""
        return self._digest.hexdigest()

    def write(self, data: Any) -> int:
        self.size += len(data)
        self._digest.update(data)
        if self.size > LARGEST:
            self.is_too_large = True
            self._forget()
        elif self._file:
            self._keep(data)
        return len(data)

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer)) if self._file else b""
        buffer[: len(data)] = data
        return len(data)

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

    def _keep(self, data: Any) -> None:
        try:
            self._file.write(data)  # type: ignore[union-attr]
            self._file.flush()  # type: ignore[union-attr]
        except OSError:
            self.has_no_room = True
            self._forget()

    def _forget(self) -> None:
        """Its room on the disk is free at once."""
        if self._file:
            file, self._file = self._file, None
            try:
                file.close()
            except OSError:
                self.has_no_room = True
