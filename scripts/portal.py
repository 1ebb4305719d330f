"""What the portal consists of: the environment of a demonstration, and the commands that start each part."""

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.parts import ROOT, Parts

Environment = Mapping[str, str]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
START_SECONDS = 30.0


class NotStarted(Exception):
    """A part ended or did not get ready; the text says which, with its last words."""


@dataclass(frozen=True)
class Ports:
    """Where the three parts of a demonstration listen, all on this machine only."""

    web: int
    demonstration: int
    mail: int

    @classmethod
    def from_first(cls, first: int) -> "Ports":
        return cls(first, first + 1, first + 2)


def demonstration_environment(folder: Path, ports: Ports, database_url: str | None = None) -> dict[str, str]:
    """Everything in one folder, everything on loopback; secrets are made once and stay there."""
    (folder / "files").mkdir(exist_ok=True)
    return {
        **os.environ,
        "SETTINGS_FILE": "",
        "PORT": str(ports.web),
        "PUBLIC_URL": f"http://localhost:{ports.web}",
        "SECRET_KEY": _kept_secret(folder / "secret.key"),
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'waharoa.sqlite'}",
        "STORAGE": str(folder / "files"),
        "QUEUE_FILE": str(folder / "queue.sqlite"),
        "OIDC_ISSUER": f"http://localhost:{ports.demonstration}",
        "OIDC_CLIENT_ID": "waharoa",
        "OIDC_CLIENT_SECRET": _kept_secret(folder / "client.key"),
        "ROLES_FILE": str(ROOT / "demo" / "roles.toml"),
        "SMTP_URL": f"smtp://localhost:{ports.mail}",
        "MAIL_FROM": "Waharoa <waharoa@localhost>",
        "OPERATOR_EMAIL": "help@portal.example",
        "DEMONSTRATION": f"http://localhost:{ports.demonstration}",
        "DEMO_DIR": str(folder),
        "DEMO_PORT": str(ports.demonstration),
        "DEMO_SMTP_PORT": str(ports.mail),
        "PYTHONUNBUFFERED": "1",
    }


def prepare(environment: Environment, *, with_people: bool, cases: int = 0) -> None:
    """Migrate to head; fill in the invented people and cases if there are none, or a country with so many cases."""
    commands = [[*FLASK, "db-upgrade"]]
    if with_people:
        commands.append([sys.executable, "-m", "demo.people_and_cases"])
    if cases:
        commands.append([*FLASK, "demo", "--cases", str(cases)])
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotStarted(f"“{' '.join(command[1:])}” failed:\n{done.stdout}{done.stderr}")


def start(parts: Parts, environment: Environment, *, with_demonstration: bool) -> None:
    """Start all and wait until the portal says that it is ready."""
    if with_demonstration:
        parts.start("demonstration", [sys.executable, "-m", "demo"], environment)
    parts.start("worker", [*FLASK, "worker"], environment)
    parts.start("web", web_command(environment), environment)
    wait_until_ready(parts, f"http://127.0.0.1:{environment['PORT']}/readyz", environment["PUBLIC_URL"])


def web_command(environment: Environment) -> list[str]:
    where = f"{environment.get('BIND', '127.0.0.1')}:{environment['PORT']}"
    options = "--config python:scripts.workers --worker-class gthread --workers 2 --threads 4 --graceful-timeout 4 --no-control-socket"
    return [sys.executable, "-m", "gunicorn", *options.split(), "--bind", where, "wsgi:app"]


def wait_until_ready(parts: Parts, address: str, public_url: str) -> None:
    latest = time.monotonic() + START_SECONDS
    answer = ""
    while time.monotonic() < latest:
        if (name := parts.dead()) is not None:
            raise NotStarted(f"The part “{name}” ended by itself. Its last words:\n{parts.last_words()}")
        answer = _ask(address, public_url)
        if answer == "ready":
            return
        time.sleep(0.1)
    raise NotStarted(f"Not ready after {START_SECONDS:.0f} seconds: {answer}\n{parts.last_words()}")


def _ask(address: str, public_url: str) -> str:
    """Ask at the port itself, by the host name the portal answers to; “ready”, or what it says instead."""
    question = urllib.request.Request(address, headers={"Host": public_url.partition("//")[2]})
    try:
        with urllib.request.urlopen(question, timeout=2):
            return "ready"
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace").strip()
    except OSError as error:
        return str(error)


def _kept_secret(file: Path) -> str:
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    return file.read_text()
