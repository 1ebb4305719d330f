"""Students of one whānau, linked by whoever knows it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where


class Sibling(Base):
    """Two students are siblings, as an organisation knows. Ended, never deleted."""

    __tablename__ = "sibling"
    __table_args__ = (
        Index(
            "uq_sibling_pair",
            "student_id",
            "other_id",
            "organisation_id",
            unique=True,
            **only_where("ended_at IS NULL"),
        ),
        Index("ix_sibling_other", "other_id"),
        CheckConstraint("student_id < other_id", name="once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(160), default="")
    """Who said so."""
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
