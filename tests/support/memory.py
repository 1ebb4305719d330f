"""A folder in memory for all that tests leave behind: making a database on a disk costs many times what it costs there."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 (folders in it get names that nobody can guess)
ROOM = 2 * 1024**3
A_DAY = 86_400


def use_memory() -> None:
    """Temporary files go there from here on, unless TMPDIR says where or there is too little room. Workers and the processes
    of tests do alike."""
    if "TMPDIR" in os.environ or not _is_fit(MEMORY):
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # looked up anew
    for left in MEMORY.glob("waharoa-*"):
        with suppress(FileNotFoundError):  # another run ends just now
            if time.time() - left.stat().st_mtime > A_DAY:  # that run was killed
                shutil.rmtree(left, ignore_errors=True)


def _is_fit(folder: Path) -> bool:
    """Programs can be started in it, too: tests write some."""
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    return shutil.disk_usage(folder).free >= ROOM and not os.statvfs(folder).f_flag & os.ST_NOEXEC
