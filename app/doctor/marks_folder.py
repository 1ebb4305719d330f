"""The folder out of which half-day marks are taken: whether it is there, whether what lies in it is, and what stays."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.attendance.marks.watching import QUIET_SECONDS, files_in, of_schools
from app.doctor.findings import Finding, Patient, good, mend, note
from app.figures import counted

ABOUT = "marks folder"
LATE_SECONDS = 15 * 60


def of_marks(patient: Patient) -> Iterable[Finding]:
    """Nothing is said where none is named."""
    if not patient.settings.marks_folder:
        return
    folder = Path(patient.settings.marks_folder)
    if not folder.is_dir():
        yield mend(ABOUT, f"MARKS_FOLDER names {folder}, which is no folder", "make it, for the portal’s own user")
    elif not _is_open(folder):
        yield mend(ABOUT, f"{folder} cannot be read", "give the portal’s own user the right to")
    else:
        found = [*_closed(folder), *_misplaced(folder), *_left(folder)]
        yield from found or [good(ABOUT, f"{folder} is watched, for {counted(len(of_schools(folder)), 'school')}")]


def _closed(folder: Path) -> Iterator[Finding]:
    """Folders of schools out of which nothing can be taken."""
    for at in of_schools(folder):
        if not (_is_open(at) and os.access(at, os.W_OK)):
            remedy = f"run: chown the portal’s own user {at}, or chmod it so that this user reads and writes there"
            yield mend(ABOUT, f"what lies in {at} cannot be read, or not be moved aside", remedy)


def _misplaced(folder: Path) -> Iterator[Finding]:
    """What lies in no folder of a school; a link to one is none."""
    with os.scandir(folder) as found:
        count = sum(not each.is_dir(follow_symlinks=False) and each.name[0] != "." for each in found)
    if count:
        said = "1 file or link lies" if count == 1 else f"{count:,} files or links lie"
        yield note(ABOUT, f"{said} directly in {folder}, and stays", "make a folder named by the school’s number")


def _left(folder: Path) -> Iterator[Finding]:
    """What should have been taken by now."""
    then = time.time() - LATE_SECONDS - QUIET_SECONDS
    waiting = [each for at in of_schools(folder) for each in files_in(at)]
    count = sum(each.stat(follow_symlinks=False).st_ctime < then for each in waiting)
    if count:
        said = f"{counted(count, 'file')} {'was' if count == 1 else 'were'} not taken out of it"
        yield mend(ABOUT, said, "see that the worker runs, and what its log says")


def _is_open(at: Path) -> bool:
    return os.access(at, os.R_OK | os.X_OK)
