"""Where the objects of files are: a folder, or a bucket of an S3 server. An object is safely there before its row is.

obstore's threads do not survive a fork, and its folder store never calls fsync: the store is made in the process that
uses it, and what it wrote is fsynced here."""

import errno
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import obstore
from flask import current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore
from typing_extensions import Buffer

from app.core.files import ours
from app.core.files.buckets import bucket
from app.core.files.ours import Found
from app.core.files.spool import Spool
from app.core.security import random_key
from app.settings import Settings

CHUNK = 256 * 1024
PART = 8 * 1024 * 1024
"""Bytes that one part of an object sent to S3 has; more than one is held in memory at no time."""

NO_BUCKET = "NoSuchBucket"
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


class StoreFailed(Exception):
    """The store cannot be reached, refuses, or is full."""

    @property
    def has_no_room(self) -> bool:
        return any(f"os error {number})" in str(self) for number in NO_ROOM)


class Missing(Exception):
    """There is no such object in the store."""


class Store:
    """Objects under random keys. `StoreFailed` is raised where the store fails."""

    def __init__(self, objects: ObjectStore, folder: Path | None, database: str = "") -> None:
        """`database` says whose files these are; nothing for a storage that nobody sweeps."""
        self._objects = objects
        self._folder = folder
        self.database = database
        self._is_claimed = not database
        self._process = os.getpid()

    def put(self, file: Spool | IO[bytes]) -> str:
        """Keep what is in the file, from its start; its key. When this returns, it outlives a power cut."""
        key = random_key()
        file.seek(0)
        self.put_as(key, cast("IO[bytes]", file))
        return key

    def put_as(self, key: str, source: IO[bytes] | Iterator[bytes]) -> None:
        """Keep what is in the source under the key that it had before: for a restore."""
        self._claim()
        self._put(key, source)

    def read(self, key: str) -> Iterator[bytes]:
        """The object in pieces. Raises `Missing` at once."""
        return self.sized(key)[1]

    def sized(self, key: str) -> tuple[int, Iterator[bytes]]:
        """How many bytes the object has, and the object in pieces. Raises `Missing` at once."""
        try:
            found = obstore.get(self._alive(), key)
            pieces = found.stream(min_chunk_size=CHUNK)
        except FileNotFoundError as error:
            if NO_BUCKET in str(error):
                raise StoreFailed(str(error)) from error
            raise Missing(key) from error
        except (BaseError, OSError) as error:
            raise StoreFailed(str(error)) from error
        size = found.meta["size"]
        return size, _unbroken(iter(pieces), size)

    def has(self, key: str) -> bool:
        try:
            obstore.head(self._alive(), key)
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise StoreFailed(str(error)) from error
        return True

    def delete(self, key: str) -> None:
        """It is gone afterwards, also where it was gone before."""
        try:
            obstore.delete(self._alive(), key)
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StoreFailed(str(error)) from error

    def owner(self) -> str:
        """Which database the storage says it is of; nothing where nothing was put into it yet."""
        try:
            return b"".join(self.read(ours.OWNER)).decode(errors="replace").strip()
        except Missing:
            return ""

    def listing(self) -> Iterator[list[Found]]:
        """Every object that is plainly ours, some at a time."""
        for some in self._everything():
            yield [each for each in some if ours.is_ours(each.key, self._folder)]

    def count_not_ours(self) -> int:
        """What else lies there."""
        found = (each.key for some in self._everything() for each in some)
        return sum(key != ours.OWNER and not ours.is_ours(key, self._folder) for key in found)

    def delete_broken_off(self, before: datetime) -> int:
        """What puts that were killed before this have left in the folder; a bucket shows no such thing."""
        for path in (left := list(ours.halves(self._folder, before)) if self._folder else []):
            path.unlink(missing_ok=True)
        return len(left)

    def is_usable(self) -> bool:
        """May files be kept now? Asked of a folder without touching it, of a bucket by its list."""
        if self._folder:
            return self._folder.is_dir() and os.access(self._folder, os.W_OK | os.X_OK)
        try:
            next(self.listing(), None)
        except StoreFailed:
            return False
        return True

    def _alive(self) -> ObjectStore:
        if os.getpid() != self._process:
            raise RuntimeError("The store was made before a fork: start gunicorn without --preload.")
        return self._objects

    def _claim(self) -> None:
        """At the first put the storage is told whose it is."""
        if not self._is_claimed and not self.owner():
            self._put(ours.OWNER, io.BytesIO(self.database.encode()))
        self._is_claimed = True

    def _put(self, key: str, source: IO[bytes] | Iterator[bytes]) -> None:
        try:
            obstore.put(self._alive(), key, source, chunk_size=PART, max_concurrency=1)
            if self._folder:
                ours.make_lasting(self._folder, key)
        except (BaseError, OSError) as error:
            raise StoreFailed(str(error)) from error

    def _everything(self) -> Iterator[list[Found]]:
        try:
            for some in obstore.list(self._alive(), chunk_size=500):
                yield [Found(each["path"], each["last_modified"].astimezone(UTC)) for each in some]
        except (BaseError, OSError) as error:
            raise StoreFailed(str(error)) from error


def the_store() -> Store:
    """This process's store, made when it is first used. `StoreFailed` where its folder is not there."""
    found: Store | None = current_app.extensions.get("store")
    if found is None:
        try:
            found = current_app.extensions["store"] = opened(current_app.extensions["settings"])
        except BaseError as error:
            raise StoreFailed(str(error)) from error
    return found


def is_usable() -> bool:
    """May files be kept now?"""
    try:
        return the_store().is_usable()
    except StoreFailed:
        return False


def opened(settings: Settings) -> Store:
    folder = settings.storage_folder
    database = ours.place_of(settings.database_url)
    if folder:
        return Store(LocalStore(folder), folder, database)
    return Store(bucket(settings), None, database)


def _unbroken(pieces: Iterator[Buffer], size: int) -> Iterator[bytes]:
    """Also where the store fails midway, it fails in our words; and no more is read than there was at the start."""
    try:
        while size > 0 and (piece := bytes(next(pieces, b""))):
            size -= len(piece)
            yield piece
    except (BaseError, OSError) as error:
        raise StoreFailed(str(error)) from error
