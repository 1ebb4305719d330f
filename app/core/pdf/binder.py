"""A program of its own, run as a file: puts PDF files together to be printed on both sides (`binding.py` starts and feeds it).

Each file begins on a right-hand page: where the one before ended on one, an empty page comes between. What stands on the
pages stays as it is; tags, languages and titles are of the single files and are not in what is put together."""

import os
import resource
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from runpy import run_path
from typing import IO, Any

import pypdfium2

MOST_MEMORY = 1024**3
PIECE = 4 * 1024**2
"""Bytes that are given back at a time."""
Head = dict[str, Any]


class Binder:
    """One file that grows, and then goes piece by piece."""

    def __init__(self) -> None:
        self._whole = pypdfium2.PdfDocument.new()
        self._file: IO[bytes] | None = None

    def answer(self, head: Head, parts: list[bytes]) -> tuple[Head, list[bytes]]:
        try:
            return self._add(parts) if head["what"] == "add" else self._give()
        except pypdfium2.PdfiumError as error:
            return {"fault": str(error)}, []

    def _add(self, parts: list[bytes]) -> tuple[Head, list[bytes]]:
        pages = []
        for part in parts:
            if len(self._whole) % 2:
                self._whole.new_page(*self._whole[len(self._whole) - 1].get_size())
            with pypdfium2.PdfDocument(part) as document:
                self._whole.import_pages(document)
                pages.append(len(document))
        return {"pages": pages}, []

    def _give(self) -> tuple[Head, list[bytes]]:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it ends with this program)
            self._whole.save(self._file)
            self._file.seek(0)
        return {}, [self._file.read(PIECE)]


def main() -> None:
    """Ends with whoever started it, and not by a signal that was meant for them."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nobody's letter is in a file that a crash leaves
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    frames = run_path(str(Path(__file__).with_name("frames.py")))
    binder = Binder()
    with suppress(EOFError):
        while True:
            head, parts = binder.answer(*frames["read"](sys.stdin.buffer))
            frames["write"](answers, head, parts)


if __name__ == "__main__":
    main()
