"""What stands on a case's timeline: entries, who reads them, their former texts, their files, the events among them; and notes
not yet sent."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, word


class Audience(StrEnum):
    """SHARE-1: who reads an entry."""

    SHARED = "shared"
    SERVICE = "service"
    RESTRICTED = "restricted"


class EntryKind(StrEnum):
    """What an entry on the timeline is."""

    REQUEST = "request"
    STATUS = "status"
    COMMENT = "comment"
    LETTER = "letter"
    EVENT = "event"
    PLAN = "plan"


BY_HAND = (EntryKind.COMMENT, EntryKind.EVENT)
"""What somebody writes of their own: theirs to edit, undo and retract."""


class Entry(Base):
    """What stands on the timeline. Never edited away (SHARE-5)."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_timeline", "case_id", "happened_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    kind: Mapped[EntryKind] = mapped_column(word(EntryKind))
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    """From when on other organisations may read it: until then sharing can be undone (SHARE-2)."""
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    audience: Mapped[Audience] = mapped_column(word(Audience))
    body: Mapped[str] = mapped_column(Text, default="")
    edited_at: Mapped[datetime | None]
    retracted_at: Mapped[datetime | None]
    """Before `opens_at`: it was undone, and nobody outside the writer's organisation knew of it."""
    retracted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def version(self) -> str:
        """What a page was made of, when it is sent back with another text."""
        return self.edited_at.isoformat() if self.edited_at else ""

    @property
    def waits(self) -> bool:
        """It is shared, and not open to others yet."""
        return self.audience is Audience.SHARED and self.opens_at > clock.now() and not self.retracted_at

    @property
    def was_undone(self) -> bool:
        """It was taken back before others could read it."""
        return self.retracted_at is not None and self.retracted_at < self.opens_at


class EntryAudience(Base):
    """A changed audience: who, when, from what, and whether the school had opened the case since (SHARE-2)."""

    __tablename__ = "entry_audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    was: Mapped[Audience] = mapped_column(word(Audience, "was"))
    became: Mapped[Audience] = mapped_column(word(Audience, "became"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    was_read: Mapped[bool | None]
    """Had somebody outside the writer's organisation opened the case since it was shared? None where it was not shared."""


class EntryText(Base):
    """A former text of an entry that was edited: what it said, until when, and who changed it (SHARE-5). Append-only."""

    __tablename__ = "entry_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    was: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class EntryFile(Base):
    """A file that hangs on an entry, and is seen by whoever may read that entry."""

    __tablename__ = "entry_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)


class Meeting(Base):
    """A meeting, call, visit or message (`lists/event_kinds.csv`), done or attempted, that day, with whom. What was said is the
    text of its entry."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("ix_meeting_case", "case_id", "happened_on"),
        CheckConstraint("with_school OR with_student OR with_caregiver OR with_others <> ''", name="with_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    kind: Mapped[str] = mapped_column(String(40))
    is_done: Mapped[bool]
    """False: attempted. It stops no clock, is counted and shown (CASE-8)."""
    happened_on: Mapped[date]
    began_at: Mapped[time | None] = mapped_column(Time)
    """In New Zealand; none where nobody said."""
    mode: Mapped[str] = mapped_column(String(20), default="")
    with_school: Mapped[bool] = mapped_column(default=False)
    school_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Which school: the one that acted for the case then."""
    with_student: Mapped[bool] = mapped_column(default=False)
    with_caregiver: Mapped[bool] = mapped_column(default=False)
    with_others: Mapped[str] = mapped_column(String(300), default="")
    """Names, or another agency."""
    done_by: Mapped[str] = mapped_column(String(160), default="")
    """Where it was not who wrote it."""
    next_step: Mapped[str] = mapped_column(Text, default="")
    is_hidden: Mapped[bool] = mapped_column(default=False)
    """The school sees not even its kind and day (SHARE-1)."""


class Unsent(Base):
    """What somebody writes in one window and has not sent: a note, or another text of an entry; for its writer alone.
    The files of their note hang on a row of their own, which is no window's."""

    __tablename__ = "unsent"
    __table_args__ = (UniqueConstraint("case_id", "person_id", "organisation_id", "page"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    page: Mapped[str] = mapped_column(String(64))
    """The window it is written in; "" for the row of the files."""
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    """What it is another text of; none for a note."""
    turn: Mapped[int]
    """Which save of its window this was: a save that was overtaken changes nothing."""
    version: Mapped[str] = mapped_column(String(64))
    """Another one with each save."""
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class UnsentFile(Base):
    """A file that was uploaded for a note not yet sent."""

    __tablename__ = "unsent_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    unsent_id: Mapped[int] = mapped_column(ForeignKey("unsent.id"), index=True)
