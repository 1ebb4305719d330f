"""What a school did when a student passed a step of days absent, and which lines it was told of (ATT-5)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class StarResponse(Base):
    """One thing that was done, or that nothing needs doing and why. Ended, never deleted."""

    __tablename__ = "star_response"
    __table_args__ = (
        CheckConstraint("done_on IS NOT NULL OR about_when <> ''", name="says_when"),
        Index("ix_star_response_school", "school_id", "term", "student_id"),
        Index("ix_star_response_student", "student_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    term: Mapped[int]
    step: Mapped[int]
    """Days absent of the highest step that it answers: 5, 10 or 15."""
    kind: Mapped[str] = mapped_column(String(40))
    """A code of `lists/star_responses.csv`."""
    done_on: Mapped[date | None]
    about_when: Mapped[str] = mapped_column(String(60), default="")
    """Where the day is not known: "end of week 3"."""
    by_whom: Mapped[str] = mapped_column(String(160), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    """Of no action, the reason."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class StarLine(Base):
    """A student was found past a step that nobody had answered: the school is told of it once."""

    __tablename__ = "star_line"
    __table_args__ = (Index("ix_star_line_found", "school_id", "found_on"),)

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    term: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    found_on: Mapped[date]
