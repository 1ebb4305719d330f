"""PostgreSQL's own programs: which one to take, and how it is told where to go."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from app.backup.streams import NotDone


def find_program(name: str, server: int) -> str:
    """The oldest that is not older than the server: an older pg_dump refuses, and what a newer one writes an older
    server may not read."""
    places = [shutil.which(name), *map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))]
    found = {place: _major(place) for place in places if place}
    fitting = sorted((major, place) for place, major in found.items() if major >= server)
    if fitting:
        return fitting[0][1]
    has = f"is here in release {max(found.values())} only" if found else "is not installed here"
    raise NotDone(
        f"The server is PostgreSQL {server}, and {name} {has}: install what Debian calls postgresql-client-{server}."
    )


def conninfo(at: URL) -> str:
    """Where to go, with the password: for this process only."""
    return make_conninfo("", **_parts(at))


def argument(at: URL) -> str:
    """Where to go, without the password: whoever lists the processes sees it."""
    parts = _parts(at)
    if "sslpassword" in parts:
        raise NotDone(
            "DATABASE_URL has sslpassword, which PostgreSQL’s own programs can be told on their command line only, where "
            "every user sees it: take a key without a password (chmod 600)."
        )
    return make_conninfo("", **{name: value for name, value in parts.items() if name != "password"})


def environment(at: URL) -> dict[str, str]:
    """The password goes to them here."""
    password = _parts(at).get("password")
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}


def refuse_failure(program: str, status: int, said: str) -> None:
    """Their first line says what it was; the rest may quote rows."""
    if status:
        lines = [line for line in said.splitlines() if line.startswith("pg_")] or [f"it ended with {status}"]
        raise NotDone(f"{Path(program).name} could not go on: {lines[0].partition('DETAIL')[0]}")


def _parts(at: URL) -> dict[str, Any]:
    """As SQLAlchemy takes it: what stands in the query goes before the rest."""
    named = {"host": at.host, "port": at.port, "user": at.username, "password": at.password, "dbname": at.database}
    return {name: value for name, value in {**named, **at.query}.items() if value}


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 (found above)
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0
