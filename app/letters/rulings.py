"""What a workflow lead rules on the letters to one caregiver: exceptions from the ladder, and beginning again (LET-2)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word
from app.letters.purposes import Purpose


class Ruling:
    """On which letters, why, when and by whom."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    caregiver_id: Mapped[int] = mapped_column(ForeignKey("caregiver.id"))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    round: Mapped[int]
    """Of an exception the one it is for; of a restart the one that begins: the first begins round 2."""
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class LetterException(Ruling, Base):
    """One step may be written although the order or the gap would not have it yet. Made, that letter uses it up."""

    __tablename__ = "letter_exception"
    __table_args__ = (
        Index(
            "uq_letter_exception",
            *("case_id", "caregiver_id", "purpose", "round", "step"),
            unique=True,
            **only_where("ended_at IS NULL"),
        ),
        Index(
            "uq_letter_exception_of_school",
            *("student_id", "caregiver_id", "purpose", "round", "step"),
            unique=True,
            **only_where("student_id IS NOT NULL AND ended_at IS NULL"),
        ),
        CheckConstraint("(case_id IS NULL) <> (student_id IS NULL)", name="of_case_or_student"),
    )

    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"))
    """Of a school's ladder, which has no case."""
    step: Mapped[int]
    ended_at: Mapped[datetime | None]
    """When it was used up, or taken back."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class LetterRestart(Ruling, Base):
    """The ladder to a caregiver begins again. The letters before stay as they are."""

    __tablename__ = "letter_restart"
    __table_args__ = (UniqueConstraint("case_id", "caregiver_id", "purpose", "round"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
