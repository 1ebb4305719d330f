"""What a school answered when its marks asked it something (ATT-3)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word


class PromptKind(StrEnum):
    """What marks ask about."""

    APPROVED_TOO_LONG = "approved_too_long"
    """`J` beyond five consecutive school days."""
    NOT_KNOWN = "not_known"
    """`?` left over."""
    ABSENT = "absent"
    """From fifteen consecutive school days with both half-days absent."""
    ABSENT_TWENTY = "absent_twenty"


class MarkPrompt(Base):
    """Days of which a student's marks ask something, as they were found when they were counted last. Marks that say otherwise
    by now end it; it stays, so that nobody is told of the same days twice."""

    __tablename__ = "mark_prompt"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="in_order"),
        Index("ix_mark_prompt_student", "student_id", "school_id"),
        Index("ix_mark_prompt_open", "school_id", "student_id", **only_where("ended_at IS NULL")),
        Index("ix_mark_prompt_untold", "school_id", **only_where("told_at IS NULL AND ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[PromptKind] = mapped_column(word(PromptKind, "markpromptkind"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    days: Mapped[int]
    """School days that count, from the first to the last of them."""
    unmarked: Mapped[int]
    """School days between them of which nobody says anything."""
    asks_on: Mapped[date]
    """From this day on it is asked."""
    found_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When the school's people were told."""
    told_return_on: Mapped[date | None]
    """The day of return that they were told has passed."""


class PromptAnswer(Base):
    """Kept for good; the newest of a run of days holds."""

    __tablename__ = "prompt_answer"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="in_order"),
        Index("ix_prompt_answer_school", "school_id", "student_id"),
        Index("ix_prompt_answer_return", "return_on", "school_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[PromptKind] = mapped_column(word(PromptKind))
    from_on: Mapped[date]
    """The first day of those it is about; the next is the last one, when it was answered."""
    to_on: Mapped[date]
    answer: Mapped[str] = mapped_column(String(40))
    """A code of `lists/prompt_answers.csv`."""
    return_on: Mapped[date | None]
    """The day they are said to be back."""
    done_on: Mapped[date | None]
    """When the school did what it says."""
    note: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
