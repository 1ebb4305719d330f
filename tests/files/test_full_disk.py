"""A disk that is full: only the file is refused, in words that say so. A process of its own has its room taken away."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.core.files import unfit
from scripts.parts import ROOT

PROGRAM = """
import resource, sys
from app.core.files.spool import Spool
from app.core.files.store import Store, StoreFailed
from obstore.store import LocalStore
from pathlib import Path

def narrow(room):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

folder = Path(sys.argv[2])
if sys.argv[1] == "arriving":
    narrow(100_000)
with Spool() as spool:
    for _ in range(30):
        spool.write(b"x" * 10_000)
    if sys.argv[1] == "arriving":
        assert spool.size == 300_000 and spool.has_no_room, spool.size
    else:
        narrow(100_000)
        try:
            Store(LocalStore(folder), folder).put(spool)
        except StoreFailed as failure:
            assert failure.has_no_room, failure
        else:
            sys.exit("it was kept")
assert not [path for path in folder.rglob("*") if path.is_file() and "#" not in path.name]
"""


@pytest.mark.parametrize("when", ["arriving", "stored"])
def test_a_full_disk_refuses_the_file_and_nothing_else(tmp_path: Path, when: str) -> None:
    command = [sys.executable, "-c", PROGRAM, when, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "no room" in unfit.NO_ROOM
