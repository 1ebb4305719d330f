"""The portal as people meet it: web, worker and demonstration as processes of their own, started as `make run` does."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from demo.people import OF_COUNTRY, PEOPLE, DemoPerson
from scripts import portal
from scripts.parts import Parts, free_ports
from scripts.run import is_error
from tests.support.databases import postgresql_database

ROTO, ROTO_COLLEGE = "S08", "9008"


def _of_roto(name: str, role: str, number: str = ROTO) -> DemoPerson:
    subject = name.lower().replace(" ", ".")
    at = "Roto College" if number == ROTO_COLLEGE else "Roto Attendance Service"
    return DemoPerson(f"demo-{subject}", name, f"{subject}@roto.example", ((number, role),), at=at)


OF_ROTO = (
    _of_roto("Hinewai Pere", "workflow_lead"),
    _of_roto("Sefina Leota", "workflow_lead"),
    _of_roto("Talia Fonoti", "case_manager"),
    _of_roto("Nikau Tipene", "case_manager"),
    _of_roto("Ihaia Mako", "case_manager"),
    _of_roto("Fetu Ioane", "attendance_lead", ROTO_COLLEGE),
)
"""They can sign in beside the demonstration's own people once their places are there (tests/journeys/roto.py)."""


@dataclass(frozen=True)
class Portal:
    """A running portal: its address, its demonstration's, its environment, and the folder with its log and files."""

    url: str
    demonstration: str
    environment: dict[str, str]
    folder: Path
    parts: Parts

    def errors(self) -> list[str]:
        """The lines of its log that tell of an error."""
        return [line for line in self.parts.log.read_text(errors="replace").splitlines() if is_error(line)]


@contextmanager
def running_portal(kind: str) -> Iterator[Portal]:
    """Start one with demonstration data on sqlite or postgresql, on ports of its own; end exactly that."""
    folder = Path(tempfile.mkdtemp(prefix="waharoa-portal-"))
    try:
        if kind == "sqlite":
            yield from _running(folder, None)
        else:
            with postgresql_database() as url:
                yield from _running(folder, url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(folder: Path, database_url: str | None) -> Iterator[Portal]:
    environment = portal.demonstration_environment(folder, portal.Ports(*free_ports(3)), database_url)
    environment.pop("PYTHONWARNINGS", None)
    (folder / OF_COUNTRY).write_text(json.dumps([asdict(person) for person in (*PEOPLE, *OF_ROTO)]))
    log = folder / "run.log"
    log.touch()
    parts = Parts(log)
    try:
        portal.prepare(environment, with_people=True)
        portal.start(parts, environment, with_demonstration=True)
        yield Portal(environment["PUBLIC_URL"], environment["DEMONSTRATION"], environment, folder, parts)
        assert parts.dead() is None, f"{parts.dead()} ended during the journeys:\n{parts.last_words()}"
    finally:
        parts.end()
        if keep := os.environ.get("KEEP_LOGS"):
            shutil.copy(log, keep)
