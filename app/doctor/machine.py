"""The machine and the settings: room on its disks, who may read what, and what is unwise."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from flask import current_app
from sqlalchemy import make_url

from app.core.jobs import IN_DATABASE
from app.doctor.findings import Finding, Patient, good, mend, note, size_in_words

LEAST_FREE = 1_000_000_000
OTHERS_READ, OTHERS_ENTER = 0o004, 0o001


def disks(patient: Patient, least: int = LEAST_FREE) -> Iterable[Finding]:
    """Each disk once."""
    seen: dict[int, Path] = {}
    for path in _places(patient):
        nearest = next((each for each in (path, *path.parents) if each.exists()), Path("/"))
        seen.setdefault(nearest.stat().st_dev, nearest)
    for path in seen.values():
        free = shutil.disk_usage(path).free
        if free < least:
            yield mend("disk", f"{size_in_words(free)} free at {path}", "make room, or move it to a larger disk")
        else:
            yield good("disk", f"{size_in_words(free)} free at {path}")


def secrecy(patient: Patient) -> Iterable[Finding]:
    """What is about people, or opens doors, is for the portal's own user."""
    settings_file = Path(current_app.root_path).parent / "waharoa.env"
    for path in (*_places(patient), settings_file):
        if path.exists() and _is_open_to_others(path):
            yield mend("secrecy", f"every user of this machine can read {path}", f"run: chmod o-rwx {path}")


def settings(patient: Patient) -> Iterable[Finding]:
    """What would be refused does not get here: the start names it."""
    given = patient.settings
    if given.demonstration:
        yield note("settings", "DEMONSTRATION is on: everybody may be anybody, for invented people only")
    if given.is_https and not given.trusted_proxies:
        yield mend(
            "settings",
            "PUBLIC_URL is https and TRUSTED_PROXIES is 0: everybody has the proxy’s address, and one rate limit",
            "set TRUSTED_PROXIES to the number of your proxies",
        )
    if not given.is_https and not given.demonstration:
        yield note("settings", "PUBLIC_URL is http: only people at this machine can use the portal")
    yield good("settings", f"the portal is {given.public_url}")


def roles(_patient: Patient) -> Iterable[Finding]:
    count = len(current_app.extensions["roles"].rules)
    if count:
        yield good("roles", f"{count} rules in the roles file")
    else:
        yield note("roles", "the roles file has no rule in force: roles come from people only")


def _places(patient: Patient) -> list[Path]:
    given = patient.settings
    at = make_url(given.database_url)
    wanted = [
        Path(at.database) if at.get_backend_name() == "sqlite" and at.database else None,
        given.storage_folder,
        Path(given.marks_folder) if given.marks_folder else None,
        Path(given.queue_file) if given.queue_file != IN_DATABASE else None,
    ]
    return [path.absolute() for path in wanted if path]


def _is_open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & OTHERS_READ) and all(each.stat().st_mode & OTHERS_ENTER for each in path.parents)
