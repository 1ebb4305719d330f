"""`make run`, `make demo` and `make serve`: start the parts, wait until ready, watch them, end exactly them."""

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TextIO

from app.settings import Settings, UnsafeSettings, from_file
from demo.people import OF_COUNTRY
from scripts import portal
from scripts.parts import GRACE_SECONDS, ROOT, Parts, is_free

DEMONSTRATION = ROOT / "var" / "demo"
SERVED = ROOT / "var" / "serve"
RESTARTS_A_MINUTE = 5


class Refused(Exception):
    """It cannot start; the text says why and what to do."""


class Ended(Exception):
    """Somebody asked us to end."""


def run_demonstration(*, afresh: bool = False) -> None:
    DEMONSTRATION.mkdir(parents=True, exist_ok=True)
    with _Held(DEMONSTRATION):
        if afresh:
            empty(DEMONSTRATION)
        ports = portal.Ports.from_first(int(os.environ.get("PORT") or 8000))
        refuse_busy_ports(ports.web, ports.demonstration, ports.mail)
        environment = portal.demonstration_environment(DEMONSTRATION, ports)
        _fill(environment, int(os.environ.get("CASES") or 0) if afresh else 0)
        keep_running(environment, DEMONSTRATION / "run.log", with_demonstration=True, saying=tell_demonstration)


def _fill(environment: portal.Environment, cases: int) -> None:
    """With the invented people, or with a whole country where one was asked for, now or when it was begun."""
    if cases:
        print(f"Inventing a country with {cases:,} cases …", flush=True)
    is_country = bool(cases) or (DEMONSTRATION / OF_COUNTRY).exists()
    portal.prepare(environment, with_people=not is_country, cases=cases)


def serve() -> None:
    """The production shape: settings are given, never invented."""
    try:
        environment = {"PORT": "8000", "PYTHONUNBUFFERED": "1", **from_file(ROOT, _given())}
        if environment.pop("DEMONSTRATION", ""):
            raise Refused("DEMONSTRATION is set: that is for `make run`. Unset it to serve.")
        settings = Settings.from_env(environment)
    except UnsafeSettings as reason:
        raise Refused(f"{reason} Settings are read from the environment and from waharoa.env.") from None
    if settings.storage_folder:
        make_storage(settings.storage_folder)
    refuse_busy_ports(int(environment["PORT"]))
    SERVED.mkdir(parents=True, exist_ok=True)
    portal.prepare(environment, with_people=False)
    keep_running(environment, SERVED / "run.log", with_demonstration=False, saying=tell_served)


def make_storage(where: Path) -> None:
    """The folder for files, readable by this user only, where it is not there yet."""
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as reason:
        raise Refused(
            f"STORAGE: the folder {where} cannot be made: {reason.strerror}. Make it, or name another."
        ) from None
    if not os.access(where, os.W_OK | os.X_OK):
        raise Refused(f"STORAGE: this user may not write in the folder {where}. Allow it, or name another.")


def keep_running(
    environment: portal.Environment,
    log: Path,
    *,
    with_demonstration: bool,
    saying: Callable[[portal.Environment, Path], None],
) -> None:
    log.touch()
    parts = Parts(log)
    with log.open(errors="replace") as lines:
        lines.seek(0, os.SEEK_END)
        try:
            portal.start(parts, environment, with_demonstration=with_demonstration)
            saying(environment, log)
            watch(parts, lines)
        except Ended:
            print("\nEnding …", flush=True)
        finally:
            for asking in (signal.SIGINT, signal.SIGTERM):
                signal.signal(asking, signal.SIG_IGN)
            parts.end()


def watch(parts: Parts, lines: TextIO) -> None:
    """Show what goes wrong; start a part anew that ends by itself, but not one that cannot live."""
    ended: list[float] = []
    while True:
        while (name := parts.dead()) is None:
            for line in lines:
                if is_error(line):
                    print(line, end="", file=sys.stderr, flush=True)
            time.sleep(0.3)
        now = time.monotonic()
        ended = [*(each for each in ended if each > now - 60), now]
        if len(ended) > RESTARTS_A_MINUTE:
            raise portal.NotStarted(
                f"The part “{name}” ended by itself, again and again. Its last words:\n{parts.last_words()}"
            )
        print(f"The part “{name}” ended by itself and is started anew.", file=sys.stderr, flush=True)
        parts.restart(name)


def is_error(line: str) -> bool:
    return any(
        mark in line for mark in ('"ERROR"', '"CRITICAL"', '"error"', '"critical"', "[ERROR]", "Traceback (most")
    )


def refuse_busy_ports(*ports: int) -> None:
    """What was ended a moment ago may still be on its way out."""
    latest = time.monotonic() + GRACE_SECONDS
    while (busy := [str(port) for port in ports if not is_free(port)]) and time.monotonic() < latest:
        time.sleep(0.1)
    if busy:
        remedy = "make run PORT=8010" if len(ports) > 1 else "PORT=8010"
        raise Refused(f"Something else uses port {' and '.join(busy)} here. Choose another, for instance {remedy}.")


def empty(folder: Path) -> None:
    """Remove what is in the folder; nothing that a link in it leads to."""
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def tell_demonstration(environment: portal.Environment, log: Path) -> None:
    print(
        f"\n  Waharoa, a demonstration with invented people, is at\n\n      {environment['PUBLIC_URL']}\n\n"
        f"  The mail it sends is at {environment['DEMONSTRATION']}/mail\n"
        f"  Its log is {log.relative_to(ROOT)}. Ctrl-C ends it.\n",
        flush=True,
    )


def tell_served(environment: portal.Environment, log: Path) -> None:
    where = f"127.0.0.1:{environment['PORT']}"
    print(
        f"Waharoa answers on {where} for {environment['PUBLIC_URL']}; its log is {log.relative_to(ROOT)}.", flush=True
    )


def main(what: str) -> None:
    for asking in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asking, _end)
    if what == "serve":
        serve()
    else:
        run_demonstration(afresh=what == "afresh")


class _Held:
    """A lock on the folder itself, so that two never share one; it goes when the process goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        self._open = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(self._open, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("The demonstration is already running from this folder. End it first with Ctrl-C.") from None

    def __exit__(self, *_: object) -> None:
        os.close(self._open)


def _given() -> dict[str, str]:
    """The environment, without what make passes on empty."""
    return {name: value for name, value in os.environ.items() if not (name == "PORT" and value == "")}


def _end(_number: int, _frame: FrameType | None) -> None:
    raise Ended


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (Refused, portal.NotStarted) as reason:
        sys.exit(str(reason))
    except Ended:
        sys.exit(0)
