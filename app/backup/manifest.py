"""What a backup says of itself: by whom, when, at which schema, and the hash of each of its parts."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from app.backup.streams import NotDone

FORMAT = 1
MANIFEST = "waharoa-backup.json"
DATABASE = "database"
OBJECTS = "objects/"
LARGEST = 1 << 20


@dataclass(frozen=True)
class Table:
    """How many rows, and the sum of their hashes: the same rows in whatever order give the same."""

    rows: int
    digest: str


@dataclass(frozen=True)
class Files:
    count: int
    size: int
    digest: str
    """Of the list of all keys and hashes, in the order of the backup."""
    missing: int = 0
    """Rows whose object was not in the storage."""
    damaged: int = 0
    """Objects that are not what their rows say; they are in the backup as they were found."""


@dataclass(frozen=True)
class Manifest:
    made_at: str
    kind: str
    server: str
    revision: str
    size: int
    sha256: str
    tables: dict[str, Table]
    files: Files
    format: int = FORMAT

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at).astimezone(UTC)


class FileList:
    """Keys and hashes in the order they came: only their sum is kept."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.count = self.size = 0

    def add(self, key: str, sha256: str, size: int) -> None:
        self._sha256.update(f"{sha256} {size} {key}\n".encode())
        self.count += 1
        self.size += size

    def sum(self, *, missing: int = 0, damaged: int = 0) -> Files:
        return Files(self.count, self.size, self._sha256.hexdigest(), missing, damaged)


def read(text: bytes) -> Manifest:
    try:
        told = json.loads(text)
        if told.get("format") != FORMAT:
            raise NotDone("This backup was made by another release of Waharoa, in a form this one does not read.")
        tables = {name: Table(**table) for name, table in told.pop("tables").items()}
        return Manifest(**{**told, "tables": tables, "files": Files(**told["files"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotDone("What this backup says of itself cannot be read: it is damaged, or no backup of Waharoa.") from (
            error
        )
