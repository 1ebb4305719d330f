"""What was recorded of a student before, since when the whānau can be reached, and by which details they are found (CASE-14,
CASE-17, P14)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, sort_text
from app.students.models import StudentColumns


class FormerStudent(StudentColumns, Base):
    """What was recorded of a student until somebody changed it. Append-only."""

    __tablename__ = "former_student"

    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    born_on: Mapped[date]
    until: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


class ReachableChange(Base):
    """From when on a student's whānau could, or could not, be reached: whether any contact detail is current or not tried
    (CASE-14). The last one holds. Append-only."""

    __tablename__ = "reachable_change"
    __table_args__ = (Index("ix_reachable_change_student", "student_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    is_reachable: Mapped[bool]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class DetailWord(Base):
    """One word of an address, or the digits of a phone, of a student or a caregiver: for each organisation that may read them,
    as the words of names (P14)."""

    __tablename__ = "student_detail_word"
    __table_args__ = (Index("ix_student_detail_word_student", "student_id", "organisation_id", "word"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    word: Mapped[str] = mapped_column(sort_text(160), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)
