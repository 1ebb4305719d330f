"""The objects of the storage, a folder or S3, read and written as streams."""

from collections.abc import Iterator
from pathlib import Path

from obstore.store import LocalStore

from app.backup.streams import NotDone
from app.core.files.store import Missing, Store, StoreFailed


class Chunks:
    """An object as something to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int = -1, /) -> bytes:
        while size < 0 or len(self._rest) < size:
            try:
                chunk = next(self._chunks, None)
            except StoreFailed as error:
                raise NotDone("A file in the storage could not be read to its end.") from error
            if chunk is None:
                break
            self._rest += chunk
        end = len(self._rest) if size < 0 else size
        taken, self._rest = self._rest[:end], self._rest[end:]
        return taken


class Objects:
    """The objects by their keys."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def open(self, key: str) -> tuple[int, Chunks] | None:
        """Its size and what is in it; none where there is no such object."""
        try:
            size, pieces = self._store.sized(key)
        except Missing:
            return None
        except StoreFailed as error:
            raise _failed("read") from error
        return size, Chunks(pieces)

    def put(self, key: str, chunks: Iterator[bytes]) -> None:
        try:
            self._store.put_as(key, chunks)
        except StoreFailed as error:
            raise _failed("written") from error

    def refuse_unless_empty(self) -> None:
        try:
            is_empty = not (any(self._store.listing()) or self._store.count_not_ours())
        except StoreFailed as error:
            raise _failed("read") from error
        if not is_empty:
            raise NotDone(
                "There are files in the storage already; a backup is restored into an empty place only. "
                "Move them away, or name another place in STORAGE."
            )


def in_folder(folder: Path) -> Objects:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Objects(Store(LocalStore(folder), folder))


def _failed(what: str) -> NotDone:
    return NotDone(f"The storage could not be {what}: `flask doctor` says what is wrong with it.")
