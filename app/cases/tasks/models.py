"""What is to be done on a case, by whom, by when; done, or dropped with why, never deleted."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Time
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where


class Task(Base):
    """A task. Of a meeting that was agreed it names the kind: recording such a meeting completes it."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_case", "case_id", "due_on"),
        Index("ix_task_person", "person_id", "organisation_id", "due_on", **only_where("ended_at IS NULL")),
        CheckConstraint("ended_at IS NOT NULL OR dropped_why = ''", name="dropped_is_ended"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Whose task it is: of the service that had the case then."""
    what: Mapped[str] = mapped_column(Text)
    meeting_kind: Mapped[str] = mapped_column(String(40), default="")
    due_on: Mapped[date]
    due_at: Mapped[time | None] = mapped_column(Time)
    """In New Zealand, where a time was agreed."""
    remind_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who is to do it; none: whoever has the case."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    """What completed it."""
    dropped_why: Mapped[str] = mapped_column(Text, default="")
    """Why it was ended without being done; empty: it was done."""
