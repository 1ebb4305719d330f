"""The row of a file. Its object is in the store before the row is; what hangs on the row says who may see it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, db, mark_due, word
from app.core.events import By
from app.core.security import public_id


class Scan(StrEnum):
    """What the scanner says (SHARE-6). Without a scanner a file is not scanned, and opens."""

    NOT_SCANNED = "not_scanned"
    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"


OPENS = frozenset({Scan.NOT_SCANNED, Scan.CLEAN})


class Change(StrEnum):
    """What was done to a file before it was kept (SHARE-6)."""

    NONE = ""
    PLACE_REMOVED = "place_removed"
    UPRIGHT_JPEG = "upright_jpeg"


class StoredFile(Base):
    """A file: its name as people see it, what it is by its content, and the object that holds it."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_scan", "scan", "next_try_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    media: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes kept."""
    arrived_sha256: Mapped[str] = mapped_column(String(64))
    kept_sha256: Mapped[str] = mapped_column(String(64))
    change: Mapped[Change] = mapped_column(word(Change))
    scan: Mapped[Scan] = mapped_column(word(Scan))
    scanned_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    """When the scanner is asked next; while it is being asked, the end of the lease."""
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    at: Mapped[datetime]


@dataclass(frozen=True)
class Kept:
    """An object that is safely in the store and has no row yet."""

    key: str
    name: str
    media: str
    size: int
    arrived_sha256: str
    kept_sha256: str
    change: Change = Change.NONE


def add(kept: Kept, *, scan: Scan, by: By) -> StoredFile:
    """The row of an object that is in the store; `scan` is pending where there is a scanner."""
    now = clock.now()
    row = StoredFile(
        public_id=public_id(),
        key=kept.key,
        name=kept.name,
        media=kept.media,
        size=kept.size,
        arrived_sha256=kept.arrived_sha256,
        kept_sha256=kept.kept_sha256,
        change=kept.change,
        scan=scan,
        next_try_at=now if scan is Scan.PENDING else None,
        by_id=by.person_id,
        organisation_id=by.organisation_id,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    if row.next_try_at:
        mark_due()
    return row


def remove(file: StoredFile) -> None:
    """Its row goes with this transaction, its object with the next sweep: a crash in between loses nothing."""
    db.session.delete(file)
    db.session.flush()
