"""The file a backup is: a tar, packed as its ending says, written and read as a stream."""

import gzip
import hashlib
import os
import shutil
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

CHUNK = 1 << 20
PLAIN, GZIP, ZSTD = "tar", "gzip", "zstd"
ENDINGS = {".tar": PLAIN, ".tar.gz": GZIP, ".tgz": GZIP, ".tar.zst": ZSTD}


class NotDone(Exception):
    """It could not be done; the text says why, what was left as it was, and what to do."""


def make_lasting(path: Path) -> None:
    """What is in this file, or which files are in this folder, outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Tar(tarfile.TarFile):
    """tarfile remembers every member: the memory would grow with the files."""

    members: list[tarfile.TarInfo]

    def forget(self) -> None:
        self.members.clear()


class Hashed:
    """Reads on, and knows what it has read."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._sha256 = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._source.read(size)
        self._sha256.update(chunk)
        self.size += len(chunk)
        return chunk

    def chunks(self) -> Iterator[bytes]:
        while chunk := self.read(CHUNK):
            yield chunk

    def drained(self) -> "Hashed":
        for _ in self.chunks():
            pass
        return self

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


def packing(file: Path) -> str:
    for ending, kind in ENDINGS.items():
        if file.name.endswith(ending):
            return kind
    raise NotDone(f"The name of a backup ends with {', '.join(ENDINGS)}: {file.name} does not.")


@contextmanager
def packed(raw: IO[bytes], kind: str) -> Iterator[IO[bytes]]:
    """What is written here arrives in `raw`, packed."""
    if kind == PLAIN:
        yield raw
    elif kind == GZIP:
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=3, mtime=0) as packer:
            yield cast("IO[bytes]", packer)
    else:
        with _zstd(["-q", "-T0", "-c"], stdin=subprocess.PIPE, stdout=raw) as packer:
            assert packer.stdin is not None  # noqa: S101 (for the types; it was asked for)
            yield packer.stdin


@contextmanager
def unpacked(raw: IO[bytes], kind: str) -> Iterator[IO[bytes]]:
    if kind == PLAIN:
        yield raw
    elif kind == GZIP:
        with gzip.GzipFile(fileobj=raw, mode="rb") as unpacker:
            yield cast("IO[bytes]", unpacker)
    else:
        with _zstd(["-q", "-d", "-c"], stdin=raw, stdout=subprocess.PIPE) as unpacker:
            assert unpacker.stdout is not None  # noqa: S101 (for the types; it was asked for)
            yield unpacker.stdout


@contextmanager
def members(file: Path) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    """What is in the file, one after the other, to be read in that order; a damaged file is refused."""
    try:
        with file.open("rb") as raw, unpacked(raw, packing(file)) as stream:
            with Tar.open(fileobj=stream, mode="r|") as tar:
                yield _each(tar)
            while stream.read(CHUNK):
                pass  # to the end, so that the packer's own sum is checked
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise NotDone(f"{file.name} is damaged or cut off: {error}. Nothing more was read from it.") from error
    except FileNotFoundError as error:
        raise NotDone(f"There is no file {file}.") from error


def _each(tar: Tar) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    while member := tar.next():
        tar.forget()
        if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or (source := tar.extractfile(member)) is None:
            raise NotDone(f"This is no backup of Waharoa: it holds something that is no file ({member.name!r}).")
        yield member, source


@contextmanager
def _zstd(arguments: list[str], **ends: int | IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which("zstd")
    if program is None:
        raise NotDone("Endings with .zst need the program zstd: install what Debian calls zstd, or use .tar.gz.")
    with subprocess.Popen([program, *arguments], stderr=subprocess.PIPE, **ends) as running:  # type: ignore[call-overload] # noqa: S603 (our own arguments)
        try:
            yield running
        except BaseException:
            running.kill()
            raise
        if running.stdin:
            running.stdin.close()
        said = running.stderr.read().decode(errors="replace").strip()
    if running.returncode:
        raise NotDone(f"zstd could not go on: {said or running.returncode}.")
