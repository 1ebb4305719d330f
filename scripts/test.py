"""`make test`, `make check`, `make e2e`: the linters, then the tests, each with its time; the first failure is the answer."""

import subprocess
import sys
import time
from pathlib import Path

from scripts.parts import ROOT

PROGRAMS = Path(sys.executable).parent
LINTERS = {
    "style": ["ruff", "check"],
    "format": ["ruff", "format", "--check"],
    "types": ["mypy"],
    "imports": ["lint-imports", "--cache-dir", "var/import-linter"],
}
TESTS = ["pytest", "--numprocesses", "2"]


def main(what: str, more: list[str]) -> int:
    failed = [] if what == "journeys" else [name for name, command in LINTERS.items() if _fails(name, command)]
    if failed:
        print(f"Not in order: {', '.join(failed)}.")
    if what != "check" and _fails("tests", [*TESTS, *(["-m", "journey"] if what == "journeys" else []), *more]):
        failed.append("tests")
    return 1 if failed else 0


def _fails(name: str, command: list[str]) -> bool:
    """Carry out; a linter speaks only when it fails, the tests always."""
    began = time.monotonic()
    is_quiet = name in LINTERS
    done = subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]],
        cwd=ROOT,
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
