"""Django's admin with a list of as many cases, under the same server with the same options. It has an environment of its own,
made once from `requirements-bench.txt` and kept in var/bench: the portal knows nothing of Django."""

import hashlib
import os
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import report
from bench.country import KEPT
from scripts import portal
from scripts.parts import ROOT, Parts, free_ports

PINNED = ROOT / "requirements-bench.txt"
LIST = "/admin/listed/case/"
OURS = ("--config", "python:scripts.workers")
"""It imports the portal before workers are forked."""


@dataclass(frozen=True)
class Rival:
    """Where its list is, and the cookie of who is signed in there."""

    address: str
    cookie: str


@contextmanager
def served(cases: int) -> Iterator[Rival | None]:
    """None where its environment cannot be made, because nothing can be fetched."""
    try:
        python = _python()
    except subprocess.CalledProcessError as fault:
        report.say(f"Django is left out: {fault}")
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_ports(1)[0]
        environment = {**os.environ, "LISTED": name, "PORT": str(port), "PYTHONPATH": f"{ROOT / 'bench'}:{ROOT}"}
        cookie = _asked(python, environment, "import listed", f"listed.fill({cases})")
        command = [python, *(each for each in portal.web_command(environment)[1:-1] if each not in OURS), "listed:app"]
        parts, url = Parts(folder / "log"), f"http://localhost:{port}"
        try:
            parts.start("django", command, environment)
            portal.wait_until_ready(parts, f"http://127.0.0.1:{port}/readyz", url)
            yield Rival(url + LIST, cookie)
        finally:
            parts.end()


def _python() -> str:
    """Of the environment that these pins make."""
    folder = KEPT / f"django-{hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]}"
    python, is_whole = folder / "bin" / "python", folder / "whole"
    if not is_whole.exists():
        report.say("Making an environment with Django, once.")
        venv.create(folder, clear=True, with_pip=True)
        quietly = ["-q", "--disable-pip-version-check", "--require-hashes", "-r", str(PINNED)]
        subprocess.run([str(python), "-m", "pip", "install", *quietly], check=True)
        is_whole.touch()
    return str(python)


def _asked(python: str, environment: dict[str, str], *lines: str) -> str:
    """What these lines say last."""
    answer = subprocess.run(
        [python, "-c", "\n".join(lines)], env=environment, check=True, capture_output=True, text=True
    )
    return answer.stdout.split()[-1]
