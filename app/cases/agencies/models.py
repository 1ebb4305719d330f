"""Other agencies and services that know a student (CASE-17)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Agency(Base):
    """An agency (`lists/agencies.csv`, or another by name), who there, since when, and whether it may be told. Ended, never
    deleted."""

    __tablename__ = "agency"
    __table_args__ = (Index("ix_agency_student", "student_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    given_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(160), default="")
    """Of the service or team; of another agency always."""
    person: Mapped[str] = mapped_column(String(160), default="")
    part: Mapped[str] = mapped_column(String(160), default="")
    """The role of that person."""
    reach: Mapped[str] = mapped_column(String(254), default="")
    """A phone number or an e-mail address."""
    since_on: Mapped[date | None]
    may_be_told: Mapped[bool | None]
    """None: nobody has said."""
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
