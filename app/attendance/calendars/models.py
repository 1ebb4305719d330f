"""What a school said of its calendar (CAL-3)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.calendars.school_calendar import Half
from app.core.db import Base, only_where, word


class CalendarEntryKind(StrEnum):
    """Of which days it speaks."""

    TERM = "term"
    """From the first to the last day of a term."""
    TEACHER_ONLY = "teacher_only"
    CLOSED = "closed"


class CalendarEntry(Base):
    """The days of a term, or days on which the school is closed. Ended, never changed or deleted: other days are one more."""

    __tablename__ = "calendar_entry"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="in_order"),
        CheckConstraint("(kind = 'term') = (term IS NOT NULL)", name="term_of_terms"),
        CheckConstraint("kind <> 'term' OR half IS NULL", name="half_of_closures"),
        Index("uq_calendar_entry_term", "school_id", "term", unique=True, **only_where("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[CalendarEntryKind] = mapped_column(word(CalendarEntryKind))
    term: Mapped[int | None]
    """20264 is term 4 of 2026."""
    half: Mapped[Half | None] = mapped_column(word(Half))
    """Of days that are closed for a half only."""
    from_on: Mapped[date]
    to_on: Mapped[date]
    why: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
