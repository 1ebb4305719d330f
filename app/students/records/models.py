"""What was recorded of a student before, since when the whānau can be reached, by which details they are found (CASE-14,
CASE-17, P14); and two records that are one student, with what went from one to the other (CASE-18)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, sort_text, word
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


class MergeState(StrEnum):
    """CASE-18: proposed by one, confirmed or refused by another, undone for a while."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    UNDONE = "undone"


class StudentMerge(Base):
    """One record goes into another; both stay, and what moved says where it came from."""

    __tablename__ = "student_merge"
    __table_args__ = (
        Index("uq_student_merge_waiting", "from_id", unique=True, **only_where("state IN ('proposed', 'confirmed')")),
        Index("ix_student_merge_into", "into_id"),
        Index("ix_student_merge_organisation", "organisation_id", "state"),
        CheckConstraint("from_id <> into_id", name="two_records"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Of whoever proposed it."""
    state: Mapped[MergeState] = mapped_column(word(MergeState))
    why: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_alone: Mapped[bool] = mapped_column(default=False)
    """One person decided both, there being nobody else (CASE-20)."""
    answer: Mapped[str] = mapped_column(Text, default="")
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class MergedRow(Base):
    """A row that went from one record to the other: undoing brings it back."""

    __tablename__ = "merged_row"

    merge_id: Mapped[int] = mapped_column(ForeignKey("student_merge.id"), primary_key=True)
    table: Mapped[str] = mapped_column(String(40), primary_key=True)
    row_id: Mapped[int] = mapped_column(primary_key=True)
