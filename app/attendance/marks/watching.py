"""The watched folder: what lies in it under the number of a school is taken once nobody has changed it for a minute, waits at that
school for review, and is moved aside. Nothing in it is ever deleted or written over."""

import fcntl
import logging
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from sqlalchemy.exc import InterfaceError, OperationalError

from app.attendance.marks.bringing import bring_here, refused_before, taken_before
from app.attendance.marks.models import ImportState, ImportWay
from app.core.db import db
from app.core.files import names
from app.core.files.lines import MOST_BYTES
from app.core.files.spool import PIECE, Spool
from app.people.models import Kind
from app.people.queries import organisation_by_number

QUIET_SECONDS = 60
TAKEN, REFUSED = "taken", "refused"
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", "~")
"""So programs call a file that they are still writing."""
NO_SCHOOL = "No school here has the number “{}”. Put it into a folder that is named by the number of its school."
NO_FILE = "It is not a file but a link to one, or something else. Put the file itself here."
NOT_READABLE = "The portal’s own user may not read it. Give it the right to, and put it here again."
TWICE = "The same file was taken before, so it was not taken again. Nothing is lost: see the list at the school."
NOTE = "{} was {}taken. {}\n"
ASKED = (
    "It cannot be seen what each column says, so no mark of it is kept yet. Somebody at the school says it in the list of imports, "
    "under Attendance; the next file with these headings is read by that."
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """A file in the folder of a school, as it stood there when it was seen."""

    path: Path
    seen: os.stat_result

    @property
    def name(self) -> str:
        return names.cleaned(_text(self.path.name))

    @property
    def number(self) -> str:
        """Of the school whose folder it lies in."""
        return _text(self.path.parent.name)


def _text(name: str) -> str:
    """Of a name that need not be text."""
    return os.fsencode(name).decode(errors="replace")


class NotYet(Exception):
    """It is left where it lies, for the next round."""


def take_files(folder: Path, now: float) -> int:
    """All that is ready, oldest first, at this time of the machine's clock. How many were moved."""
    moved = 0
    with _alone_in(folder) as is_alone:
        for found in _ready(folder, now) if is_alone else ():
            try:
                _take(found)
                moved += 1
            except (InterfaceError, OperationalError):  # the database is away: of no file
                raise
            except Exception as reason:  # noqa: BLE001 (holds up no other; of its cells nothing is logged)
                log.warning("a file of marks was left for the next round (%s)", type(reason).__name__)
            finally:
                db.session.rollback()
    return moved


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Of two workers one looks into it; the other may do so a minute later."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _is_locked(held)
    finally:
        os.close(held)


def _is_locked(held: int) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ready(folder: Path, now: float) -> list[Found]:
    """What nobody has changed for a minute: the time of change, unlike that of writing, nobody can set back."""
    seen = [Found(Path(each), each.stat(follow_symlinks=False)) for at in of_schools(folder) for each in files_in(at)]
    return sorted(
        (each for each in seen if now - each.seen.st_ctime >= QUIET_SECONDS), key=lambda each: each.seen.st_ctime
    )


def of_schools(folder: Path) -> list[Path]:
    """The folders in it, which have names like 1042; links are none."""
    with os.scandir(folder) as found:
        return sorted(Path(each) for each in found if each.is_dir(follow_symlinks=False) and each.name[0] != ".")


def files_in(at: Path) -> "list[os.DirEntry[str]]":
    """Those that are to be taken: none where what is taken could not be moved."""
    if not os.access(at, os.R_OK | os.W_OK | os.X_OK):
        return []
    with os.scandir(at) as found:
        return [
            each
            for each in found
            if not each.is_dir(follow_symlinks=False) and each.name[0] != "." and not each.name.endswith(UNFINISHED)
        ]


def _take(found: Found) -> None:
    for name in (TAKEN, REFUSED):
        (found.path.parent / name).mkdir(exist_ok=True)
    why, note = _read(found)
    db.session.rollback()
    if why or note:
        _write_note(found, REFUSED if why else TAKEN, why or note)
    _move(found, REFUSED if why else TAKEN)


def _read(found: Found) -> tuple[str, str]:
    """Why it is refused, if it is; and what else is to be said."""
    school = organisation_by_number(found.number)
    if school is None or school.kind is not Kind.SCHOOL:
        return NO_SCHOOL.format(found.number), ""
    if not stat.S_ISREG(found.seen.st_mode):
        return NO_FILE, ""
    school_id = school.id
    db.session.rollback()
    try:
        with _spooled(found) as spool:
            return _brought(school_id, found, spool)
    except PermissionError:
        return NOT_READABLE, ""


def _brought(school_id: int, found: Found, spool: Spool) -> tuple[str, str]:
    if taken_before(school_id, spool.sha256, found.seen.st_ctime):
        return "", TWICE
    last = refused_before(school_id, spool.sha256)
    if last and last.asked_at.timestamp() >= found.seen.st_ctime:  # it could not be moved then
        return last.fault, ""
    db.session.rollback()
    brought = bring_here(school_id, spool, found.name, way=ImportWay.FOLDER)
    return (brought.fault, "") if brought.state is ImportState.REFUSED else ("", ASKED if brought.file_id else "")


@contextmanager
def _spooled(found: Found) -> Iterator[Spool]:
    """All of it, as it was when it was seen. Raises `NotYet` where it is not any more, or where there is no room."""
    with (
        os.fdopen(os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file,
        Spool(largest=MOST_BYTES) as spool,
    ):
        while not spool.is_too_large and (piece := file.read(PIECE)):
            spool.write(piece)
        is_same = os.fstat(file.fileno()).st_ctime_ns == found.seen.st_ctime_ns
        if spool.has_no_room or not is_same:
            raise NotYet
        yield spool


def _write_note(found: Found, where: str, why: str) -> None:
    """Where the disk is full the list at the school says it, and the file is moved all the same."""
    path = _free(found.path.parent / where, f"{found.path.name}.txt")
    try:
        path.write_text(NOTE.format(found.name, "" if why == ASKED else "not ", why), "utf-8")
    except OSError:
        log.warning("no note of a file of marks could be written")


def _move(found: Found, where: str) -> None:
    found.path.rename(_free(found.path.parent / where, found.path.name))


def _free(folder: Path, name: str) -> Path:
    """Nothing that lies there is written over."""
    bare = Path(name)
    others = (folder / f"{bare.stem} ({number}){bare.suffix}" for number in count(2))
    tries = chain([folder / name], others)
    return next(path for path in tries if not os.path.lexists(path))
