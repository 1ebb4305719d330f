"""A real clamd to test with, in its own folder and with a signature of its own: no database is downloaded."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scripts.parts import Parts
from tests.support import samples

START_SECONDS = 60
LONGEST_STREAM = "2M"
BAD_WORDS = b"the words that the signature of these tests knows"
CONFIGURATION = """\
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
StreamMaxLength {longest}
MaxThreads 2
"""


@dataclass
class Scanner:
    """Give `address` to the app as SCANNER; it can be stopped, and started again."""

    folder: Path
    parts: Parts = field(init=False)

    def __post_init__(self) -> None:
        self.parts = Parts(self.folder / "clamd.log")

    @property
    def address(self) -> str:
        return f"unix:{self.folder}/clamd.sock"

    def start(self) -> None:
        program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
        assert program, "clamd is lacking: `make test` installs clamav-daemon"
        self.parts.start("clamd", [program, "-c", str(self.folder / "clamd.conf")], {})
        latest = time.monotonic() + START_SECONDS
        while not (self.folder / "clamd.sock").exists():
            assert self.parts.dead() is None, self.parts.last_words()
            assert time.monotonic() < latest, self.parts.last_words()
            time.sleep(0.05)

    def stop(self) -> None:
        self.parts.end()
        (self.folder / "clamd.sock").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    """It knows the harmless test virus by its hash, and files with certain words by those."""
    folder = tmp_path_factory.mktemp("clamd")
    signatures = folder / "signatures"
    signatures.mkdir()
    virus = samples.eicar()
    (signatures / "own.hdb").write_text(f"{hashlib.md5(virus).hexdigest()}:{len(virus)}:Test.Virus\n")  # noqa: S324
    (signatures / "own.ndb").write_text(f"Test.Words:0:*:{BAD_WORDS.hex()}\n")
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder, longest=LONGEST_STREAM))
    scanner = Scanner(folder)
    scanner.start()
    yield scanner
    scanner.stop()
