"""Letters a second on two processes beside Chromium's print of the same pages; memory over 2,000; the first after a start."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Self

from app.core.pdf.press import ENGINE, Press
from app.letters.page import css
from bench import asked, report, samples
from bench.chromium import printer

PROCESSES = 2
BATCH = int(os.environ.get("BATCH", "200"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MANY = int(os.environ.get("LETTERS", "2000"))
Print = Callable[[Sequence[str]], int]
"""Prints these pages one after the other; the bytes of the last one."""


def measure() -> None:
    pages = samples.pages(BATCH)
    report.say(f"letters: {ROUNDS} rounds of {BATCH} on {PROCESSES} processes, ours and Chromium's in turn")
    ours, theirs, size = _in_turn(pages)
    report.say(f"letters a second: ours {ours}, Chromium's {theirs}")
    report.say(f"letters: {MANY} more on one process, for its memory")
    early, late = _memory(pages)
    report.line(
        "letters",
        ours_per_s=report.middle(ours),
        chromium_per_s=report.middle(theirs),
        ratio=report.middle([our / their for our, their in zip(ours, theirs, strict=True)]),
        processes=PROCESSES,
        bytes=size,
        rss_mb=late,
        rss_mb_early=early,
        letters=MANY,
    )
    _one_by_one(pages)
    report.say("letters: asked for on the page, set by the worker")
    asked.measure()


def _in_turn(pages: Sequence[str]) -> tuple[list[float], list[float], int]:
    """Letters a second of each round, ours and theirs, all warm; and the bytes of one of ours."""
    with ExitStack() as until:
        ours = [until.enter_context(Worker(_press())) for _ in range(PROCESSES)]
        theirs = [until.enter_context(Worker(_chromium())) for _ in range(PROCESSES)]
        for workers in (ours, theirs):
            _rate(workers, pages[: 4 * PROCESSES])
        rounds = [(_rate(ours, pages), _rate(theirs, pages)) for _ in range(ROUNDS)]
        size = ours[0].begin(pages[:1])()
    return [our for our, _ in rounds], [their for _, their in rounds], size


def _rate(workers: Sequence["Worker"], pages: Sequence[str]) -> float:
    """Letters a second, each worker its share at the same time."""
    began = time.perf_counter()
    ends = [worker.begin(pages[number :: len(workers)]) for number, worker in enumerate(workers)]
    for end in ends:
        end()
    return len(pages) / (time.perf_counter() - began)


class Worker:
    """A printer in a thread of its own, which starts and ends it."""

    def __init__(self, made: AbstractContextManager[Print]) -> None:
        self._made = made
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        self._print = self._thread.submit(self._made.__enter__).result()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.submit(self._made.__exit__, None, None, None).result()
        self._thread.shutdown()

    def begin(self, pages: Sequence[str]) -> Callable[[], int]:
        return self._thread.submit(self._print, pages).result


@contextmanager
def _press() -> Iterator[Print]:
    press = Press()
    try:
        yield lambda pages: [len(press.render(page, css(samples.WINDOW), {}, pictures=False).pdf) for page in pages][-1]
    finally:
        press.close()


@contextmanager
def _chromium() -> Iterator[Print]:
    with tempfile.TemporaryDirectory() as folder, printer(Path(folder)) as made:
        yield lambda pages: made.print(pages, css(samples.WINDOW))


def _memory(pages: Sequence[str]) -> tuple[float, float]:
    """Megabytes of the letter process, the most of the first 400 letters and the most of all: it ends itself after 200
    and another one begins, so both are the same where nothing grows."""
    press, seen = Press(), []
    try:
        for number, page in enumerate(islice(cycle(pages), MANY)):
            press.render(page, css(samples.WINDOW), {}, pictures=False)
            if number % 20 == 19:
                seen.append(_resident())
    finally:
        press.close()
    return max(seen[:20]), max(seen)


def _resident() -> float:
    """Megabytes of this process's letter process."""
    return max((_megabytes(process) for process in Path("/proc").glob("[0-9]*") if _is_ours(process)), default=0)


def _is_ours(process: Path) -> bool:
    with suppress(OSError):  # others end while they are looked at
        is_child = f"\nPPid:\t{os.getpid()}\n" in (process / "status").read_text()
        return is_child and ENGINE.name in (process / "cmdline").read_text()
    return False


def _megabytes(process: Path) -> float:
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]) // 1024


def _one_by_one(pages: Sequence[str]) -> None:
    """The first letter of a process that has just begun, and warm ones with the pictures of their preview."""
    press = Press()
    try:
        first = _seconds(press, pages[0])
        warm = [_seconds(press, page) for page in pages[1:31]]
    finally:
        press.close()
    report.line("letter", first_ms=round(first * 1000), warm_ms=round(report.middle(warm) * 1000))


def _seconds(press: Press, page: str) -> float:
    began = time.perf_counter()
    press.render(page, css(samples.WINDOW), {}, pictures=True)
    return time.perf_counter() - began
