"""A throw-away PostgreSQL of our own: its own temporary folder, a private socket, nothing kept."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.parts import Parts

QUICK = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=100",
    "listen_addresses=",
    "autovacuum=off",
]
START_SECONDS = 20.0


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Start one, give its address (database `postgres`), end it and remove its folder."""
    folder = Path(tempfile.mkdtemp(prefix="waharoa-pg-"))
    parts = Parts(folder / "log")
    try:
        start(folder, parts)
        yield f"postgresql+psycopg://waharoa@/postgres?host={folder}"
    finally:
        parts.end(signal.SIGINT)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, parts: Parts, settings: Sequence[str] = QUICK) -> None:
    """Start the cluster in this folder; make it where there is none."""
    as_user = _as_user(folder)
    cluster = folder / "cluster"
    if not cluster.exists():
        _make(cluster, as_user)
    options = [argument for setting in settings for argument in ("-c", setting)]
    command = [str(_programs() / "postgres"), "-D", str(cluster), "-k", str(folder), *options]
    parts.start("postgres", command, os.environ, **as_user)
    wait_until_ready(folder, parts)


def _make(cluster: Path, as_user: dict[str, Any]) -> None:
    how = ["-U", "waharoa", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8", "-D", str(cluster)]
    subprocess.run([_programs() / "initdb", *how], cwd=cluster.parent, check=True, stdout=subprocess.DEVNULL, **as_user)


def wait_until_ready(folder: Path, parts: Parts) -> None:
    latest = time.monotonic() + START_SECONDS
    asking: list[str | Path] = [_programs() / "pg_isready", "-q", "-h", folder]
    while subprocess.run(asking, check=False).returncode:
        if parts.dead() or time.monotonic() > latest:
            raise RuntimeError(f"PostgreSQL did not start:\n{parts.last_words()}")
        time.sleep(0.05)


def _programs() -> Path:
    """The newest PostgreSQL that is installed; Debian keeps its programs off PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found:
        raise RuntimeError("No PostgreSQL in /usr/lib/postgresql: `make test` installs it.")
    return found[-1]


def _as_user(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the user Debian made for it, who gets the folder."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
