"""Two records that are one student, and what went from one to the other (CASE-18)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word


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
