"""People who write note after note, every other one with a file, and remember which of them the portal said it had."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from tests.kills.sites import Site

WRITERS = 2


@contextmanager
def writing(site: Site) -> Iterator[list[str]]:
    """The texts that were acknowledged so far."""
    acknowledged: list[str] = []
    is_over = Event()

    def write(who: int) -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            form = site.note(f"Note {number} of writer {who}")
            file = ("words.txt", f"What was said before {form['body']}") if number % 2 else None
            if site.send(form, file).status == 303:
                acknowledged.append(form["body"])

    site.send(site.note("The first of all"))
    threads = [Thread(target=write, args=(who,)) for who in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def spoilt(rows: Iterable[tuple[str, str]], files: Path) -> list[str]:
    """Of these rows' keys and digests those whose object is not in the folder, or not whole."""
    return [key for key, sha256 in rows if not _is_whole(files / key, sha256)]


def _is_whole(file: Path, sha256: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def has_more_than(count: int, acknowledged: list[str]) -> bool:
    return len(acknowledged) > count


FILES = "SELECT key, kept_sha256 FROM stored_file"
