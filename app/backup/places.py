"""Which database the settings name, and a folder for what is being made, which no crash leaves behind for good."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from app.backup.postgresql import Postgresql
from app.backup.reading import Database
from app.backup.sqlite import Sqlite
from app.backup.streams import NotDone, make_lasting

BEGINNING = ".waharoa-unfinished-"


def database_of(url: str) -> Database:
    at = make_url(url)
    if at.get_backend_name() != "sqlite":
        return Postgresql(url)
    return Sqlite(Path(at.database or "").absolute())


@contextmanager
def unfinished(beside: Path) -> Iterator[Path]:
    """A folder that goes in the end. One that a killed command left is known by its lock being free, and goes too."""
    try:
        _sweep(beside)
        folder = Path(tempfile.mkdtemp(prefix=BEGINNING, dir=beside))
    except OSError as error:
        raise NotDone(f"The folder {beside} cannot be written: {error.strerror}.") from error
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def place(made: Path, file: Path) -> None:
    """Under its name in one step, never over another; on the disk before this returns."""
    make_lasting(made)
    try:
        os.link(made, file)
    except FileExistsError:
        raise NotDone(f"There is a file {file} already, and it was left as it is. Choose another name.") from None
    except OSError:  # a file system without hard links
        if file.exists():
            raise NotDone(f"There is a file {file} already, and it was left as it is. Choose another name.") from None
        made.rename(file)
    make_lasting(file.parent)


def _sweep(beside: Path) -> None:
    for left in beside.glob(f"{BEGINNING}*"):
        held = os.open(left, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(held)
