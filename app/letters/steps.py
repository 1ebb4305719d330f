"""An organisation's own ladders, version by version; which one a case goes by (LET-1, LET-2)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, word
from app.letters.purposes import Purpose


class Ladder(Base):
    """One version of an organisation's ladder for a purpose. Never changed: what changes is a version more."""

    __tablename__ = "ladder"
    __table_args__ = (UniqueConstraint("organisation_id", "purpose", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    number: Mapped[int]
    """Its version: 1 is the first that the organisation made itself."""
    why: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class LadderStep(Base):
    """One letter of it."""

    __tablename__ = "ladder_step"

    ladder_id: Mapped[int] = mapped_column(ForeignKey("ladder.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    gap: Mapped[int] = mapped_column(default=0)
    """Working days that have to be gone since the letter before was sent."""
    days: Mapped[int | None]
    """Of a school's ladder: from how many days absent on in a term."""
    is_formal: Mapped[bool] = mapped_column(default=False, server_default=false())


class CaseLadder(Base):
    """The version that a case began with: it goes by it until somebody moves it to another one (LET-2)."""

    __tablename__ = "case_ladder"

    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"), primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(word(Purpose), primary_key=True)
    ladder_id: Mapped[int | None] = mapped_column(ForeignKey("ladder.id"))
    """None: ours, as it was on that day."""
    as_of: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
