"""What was told to whom outside, and the basis it rests on (PRIV-2)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Disclosure(Base):
    """Something of a case was told to an agency. Ended when it was entered by mistake, never deleted."""

    __tablename__ = "disclosure"
    __table_args__ = (Index("ix_disclosure_case", "case_id", "told_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    whom: Mapped[str] = mapped_column(String(300))
    """Agency and person, as they were called then."""
    what: Mapped[str] = mapped_column(Text)
    told_on: Mapped[date]
    basis: Mapped[str] = mapped_column(String(40))
    """A code of `lists/bases.csv`."""
    basis_why: Mapped[str] = mapped_column(Text, default="")
    """Where it is not the one of that kind."""
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class EntryBasis(Base):
    """Another basis of a shared entry than that of its kind: who said so, and why. The last one holds. Append-only."""

    __tablename__ = "entry_basis"
    __table_args__ = (Index("ix_entry_basis_entry", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    basis: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
