"""What in a storage is plainly the portal's own; everything else in it is never touched. And whose storage it is."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

OWNER = "owner"
"""The object that names the database whose files these are: two that share a storage would sweep each other's."""
KEY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{38}")
HALF = re.compile(rf"{KEY.pattern}#[0-9]+")
"""What a put into a folder leaves that was broken off."""


@dataclass(frozen=True)
class Found:
    """An object as the store lists it."""

    key: str
    at: datetime


def is_ours(key: str, folder: Path | None) -> bool:
    """Has it a key as `random_key` makes them; and is it, in a folder, a file and no way to another one?"""
    return bool(KEY.fullmatch(key)) and (folder is None or _is_plain(folder / key))


def halves(folder: Path, before: datetime) -> Iterator[Path]:
    for path in folder.glob("??/*#*"):
        if HALF.fullmatch(path.relative_to(folder).as_posix()) and _is_plain(path) and _changed_at(path) < before:
            yield path


def make_lasting(folder: Path, key: str) -> None:
    """It outlives a power cut."""
    path = folder / key
    for each in (path, path.parent, folder):
        handle = os.open(each, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def place_of(database_url: str) -> str:
    """Which database it is, for people to read, without who signs in to it; nothing for one in memory."""
    at = make_url(database_url)
    if at.get_backend_name() == "sqlite":
        return f"sqlite {os.path.realpath(at.database)}" if at.database and at.database != ":memory:" else ""
    host = at.host or at.query.get("host") or "this machine"
    return f"{at.get_backend_name()} {host}{f':{at.port}' if at.port else ''} {at.database}"


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _changed_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
