"""Exports of half-day marks, as change sets that are looked at before anything is kept (ATT-1, ATT-4, T1)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word


class ImportState(StrEnum):
    """Where a change set stands."""

    READING = "reading"
    COLUMNS = "columns"
    """It cannot be seen what each column says: somebody says it."""
    REVIEW = "review"
    """What would change stands there to be looked at; nothing is kept."""
    KEEPING = "keeping"
    KEPT = "kept"
    UNDOING = "undoing"
    UNDONE = "undone"
    LEFT = "left"
    """Thrown away before anything was kept."""
    REFUSED = "refused"
    """The file cannot be read; its row says why."""


class ImportWay(StrEnum):
    """How a file came."""

    BROWSER = "browser"
    COMMAND = "command"
    FOLDER = "folder"


class MarkImport(Base):
    """One file of marks of one school."""

    __tablename__ = "mark_import"
    __table_args__ = (
        Index("ix_mark_import_school", "school_id", "id"),
        Index("ix_mark_import_due", "next_try_at", **only_where("next_try_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    way: Mapped[ImportWay] = mapped_column(word(ImportWay))
    state: Mapped[ImportState] = mapped_column(word(ImportState))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """None: it was read where it lay, or is not needed any more."""
    file_name: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    """SHA-256 of the file, so that the same one is known again."""
    sample: Mapped[str] = mapped_column(Text, default="")
    """Its headings and first rows, as JSON, as long as somebody may say what its columns are."""
    columns: Mapped[str] = mapped_column(Text, default="")
    """What each column says, as JSON; empty as long as nobody and nothing has said it."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None: out of the folder, or by a command of before it named who gives it."""
    rows: Mapped[int] = mapped_column(default=0)
    """Read so far, or in all."""
    students: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    """Half-days; as the next two."""
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    """Lines, or parts of them."""
    done: Mapped[int] = mapped_column(default=0)
    """Weeks that are kept, or undone, so far."""
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    next_try_at: Mapped[datetime | None]
    """When the worker looks after it next; while it does, the end of its lease."""
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(300), default="")
    kept_at: Mapped[datetime | None]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ImportedWeek(Base):
    """What a file tells of one week of a student, and what was there before: with it a change set is undone, and former marks
    are known (ATT-4)."""

    __tablename__ = "imported_week"
    __table_args__ = (
        CheckConstraint("length(told) = 10 AND length(before) = 10", name="ten"),
        Index("ix_imported_week_student", "student_id", "monday"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("mark_import.id"), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    told: Mapped[str] = mapped_column(String(10))
    """Whatever it says of the week, also what stood there already: it stands on, where what was kept before is undone."""
    before: Mapped[str] = mapped_column(String(10))
    """What stood below it, half-day by half-day."""
    kept_at: Mapped[datetime | None]
    """None where it is not kept, or not any more."""


class ImportRefusal(Base):
    """A line of the file, or a part of one, that is not taken over, and why."""

    __tablename__ = "import_refusal"

    import_id: Mapped[int] = mapped_column(ForeignKey("mark_import.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int]
    why: Mapped[str] = mapped_column(String(300))


class KnownColumns(Base):
    """What the columns of a school's exports say, by their headings, as somebody corrected it last."""

    __tablename__ = "known_columns"

    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    headings: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Their digest."""
    columns: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
