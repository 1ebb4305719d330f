"""The settings, read once from the environment; a start that would be unsafe is refused with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.addresses import (
    MEMORY,
    fault_of_issuer,
    fault_of_limits,
    fault_of_marks_folder,
    fault_of_neighbours,
    fault_of_public_url,
    fault_of_scanner,
    fault_of_storage,
)
from app.figures import Figures, fault_of_figures

SHORTEST_SECRET = 32
YES, NO = "yes", "no"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class UnsafeSettings(Exception):
    """A setting is missing or unsafe; the text says which, and what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything a self-hoster sets. Times in minutes or hours as named."""

    public_url: str
    secret_key: str
    database_url: str
    storage: str
    queue_file: str
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    roles_file: str
    smtp_url: str
    mail_from: str
    oidc_scopes: str = "openid email profile"
    trusted_proxies: int = 0
    idle_minutes: int = 30
    absolute_hours: int = 12
    demonstration: str = ""
    log_level: str = "INFO"
    operator_email: str = ""
    storage_endpoint: str = ""
    storage_region: str = ""
    storage_key_id: str = ""
    storage_secret: str = ""
    scanner: str = ""
    limits: str = MEMORY
    office_support_reads: str = YES
    marks_folder: str = ""
    figures: Figures = field(default_factory=Figures)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the environment; raises `UnsafeSettings` naming what is wrong and the remedy."""
        given = _given(cls, environ)
        lacking = [name.upper() for name in REQUIRED if name not in given]
        if lacking:
            raise UnsafeSettings(f"Set {', '.join(lacking)} in the environment.")
        settings = cls(**given, figures=Figures(**_given(Figures, environ)))
        _refuse_unsafe(settings)
        _refuse_unfit_queue(settings)
        return settings

    @property
    def storage_folder(self) -> Path | None:
        """The folder that files are kept in; None where they are in a bucket."""
        return None if "://" in self.storage else Path(self.storage)

    @property
    def is_https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def host(self) -> str:
        """Host and port as a browser sends them."""
        return urlsplit(self.public_url).netloc

    @property
    def session_cookie(self) -> str:
        return "__Host-waharoa" if self.is_https else "waharoa"

    def address(self, path: str) -> str:
        """An absolute address; the only place they are made."""
        return self.public_url.rstrip("/") + path


REQUIRED = (
    "public_url",
    "secret_key",
    "database_url",
    "storage",
    "queue_file",
    "oidc_issuer",
    "oidc_client_id",
    "oidc_client_secret",
    "roles_file",
    "smtp_url",
    "mail_from",
)


def from_file(folder: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment, and under it the lines NAME=value of waharoa.env in this folder; SETTINGS_FILE names another
    file, or none where it is empty. Empty lines and lines that begin with # are passed over."""
    named = environ.get("SETTINGS_FILE", "waharoa.env")
    file = folder / named
    if not named or not file.exists():
        return dict(environ)
    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
    except OSError as error:
        raise UnsafeSettings(f"{file} cannot be read: {error.strerror}. Run this as the portal’s own user.") from error
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {**{name.strip(): value.strip() for name, _, value in pairs}, **environ}


def _given(kind: type[Settings] | type[Figures], environ: Mapping[str, str]) -> dict[str, Any]:
    """What of these the environment sets."""
    named = [each for each in fields(kind) if each.type in {str, int} and environ.get(each.name.upper())]
    return {each.name: _typed(each.name, environ[each.name.upper()], is_number=each.type is int) for each in named}


def _typed(name: str, text: str, *, is_number: bool) -> str | int:
    if is_number:
        if not text.isascii() or not text.isdigit():
            raise UnsafeSettings(f"{name.upper()} must be a whole number, not “{text}”.")
        return int(text)
    return text.rstrip("/") if name in {"public_url", "demonstration"} else text


def _refuse_unsafe(settings: Settings) -> None:
    _refuse_faults(settings)
    if settings.demonstration and settings.is_https:
        raise UnsafeSettings("DEMONSTRATION is only for http on localhost; unset it to go into production.")
    if len(settings.secret_key) < SHORTEST_SECRET:
        raise UnsafeSettings(f"SECRET_KEY must be at least {SHORTEST_SECRET} characters of chance.")
    if settings.log_level not in LOG_LEVELS:
        raise UnsafeSettings(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    if settings.office_support_reads not in {YES, NO}:
        raise UnsafeSettings("OFFICE_SUPPORT_READS must be yes or no.")
    if 0 in {settings.idle_minutes, settings.absolute_hours}:
        raise UnsafeSettings("IDLE_MINUTES and ABSOLUTE_HOURS must be 1 or more: with 0 nobody stays signed in.")
    if not Path(settings.roles_file).is_file():
        raise UnsafeSettings(f"ROLES_FILE names {settings.roles_file}, which is not a file.")


def _refuse_faults(settings: Settings) -> None:
    more = (settings.storage_endpoint, settings.storage_region, settings.storage_key_id, settings.storage_secret)
    faults = [
        fault_of_public_url(settings.public_url),
        fault_of_issuer(settings.oidc_issuer),
        fault_of_storage(settings.storage, *more),
        fault_of_scanner(settings.scanner),
        fault_of_limits(settings.limits),
        fault_of_marks_folder(settings.marks_folder),
        fault_of_figures(settings.figures),
    ]
    if settings.storage_folder:
        faults.append(fault_of_neighbours(settings.storage_folder, _own_files(settings)))
    for fault in faults:
        if fault:
            raise UnsafeSettings(fault)


def _own_files(settings: Settings) -> list[tuple[str, str]]:
    """The files that the portal writes besides, with the names of their settings."""
    kind, _, path = settings.database_url.partition(":///")
    return [
        ("DATABASE_URL", path.partition("?")[0] if kind.startswith("sqlite") else ""),
        ("QUEUE_FILE", "" if settings.queue_file == "database" else settings.queue_file),
        ("MARKS_FOLDER", settings.marks_folder),
    ]


def _refuse_unfit_queue(settings: Settings) -> None:
    if settings.queue_file == "database" and settings.database_url.startswith("sqlite"):
        raise UnsafeSettings(
            "QUEUE_FILE is “database”, which needs PostgreSQL: with SQLite name a file, like /path/queue.sqlite."
        )
