"""People who write note after note, and remember which of them the portal said it had."""

from collections.abc import Iterator
from contextlib import contextmanager
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
            if site.send(form).status == 303:
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


def has_more_than(count: int, acknowledged: list[str]) -> bool:
    return len(acknowledged) > count
