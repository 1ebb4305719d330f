"""`make test`, `make check`, `make e2e`: the linters and, beside them, the tests, each with its time."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scripts.parts import ROOT

PROGRAMS = Path(sys.executable).parent
LINTERS = {
    "style": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "types": ["mypy"],
    "imports": ["lint-imports", "--cache-dir", "var/import-linter"],
}
TESTS = ["pytest", "--numprocesses", "3"]
"""One more than two cores: tests that kill, restart and browse wait a third of their time."""
KEEPING = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Tests start some hundred processes of the same files: what is compiled is kept."""


def main(what: str, more: list[str]) -> int:
    """The tests begin at once: the slowest linter leaves half of the machine to them."""
    tests = [*TESTS, *(["-m", "journey"] if what == "journeys" else []), *more]
    with ThreadPoolExecutor() as together:
        checked = together.submit(check) if what != "journeys" else None
        have_failed = what != "check" and _fails("tests", tests)
        failed = checked.result() if checked else []
    if failed:
        print(f"Not in order: {', '.join(failed)}.")
    return 1 if failed or have_failed else 0


def check() -> list[str]:
    """Those that fail; all are asked at the same time."""
    with ThreadPoolExecutor() as together:
        answers = list(together.map(_fails, LINTERS, LINTERS.values()))
    return [name for name, has_failed in zip(LINTERS, answers, strict=True) if has_failed]


def _fails(name: str, command: list[str]) -> bool:
    """Carry out; a linter speaks only when it fails, the tests always."""
    began = time.monotonic()
    is_quiet = name in LINTERS
    done = subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]],
        cwd=ROOT,
        env=KEEPING,
        stdout=subprocess.PIPE if is_quiet else None,
        stderr=subprocess.STDOUT if is_quiet else None,
        text=True,
        check=False,
    )
    if done.returncode and is_quiet:
        print(done.stdout)
    if is_quiet:
        print(f"{name:<8} {'FAILED' if done.returncode else 'ok':<6} {time.monotonic() - began:6.1f} s", flush=True)
    return done.returncode != 0


if __name__ == "__main__":
    (ROOT / "var").mkdir(exist_ok=True)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
