"""Initiatives of a service (MEAS-6)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, word


class InitiativeState(StrEnum):
    """How far it is."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class Initiative(Base):
    """Something done for schools or a group: kind, aim, dates, what was done, attendance before and after, what was learned."""

    __tablename__ = "initiative"
    __table_args__ = (
        Index("ix_initiative_organisation", "organisation_id", "state", "from_on"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(40))
    """A code of `lists/kinds.csv`."""
    state: Mapped[InitiativeState] = mapped_column(word(InitiativeState))
    aim: Mapped[str] = mapped_column(Text)
    group: Mapped[str] = mapped_column(String(300), default="")
    """For whom, without names: year levels, how many."""
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    done: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[str] = mapped_column(String(300), default="")
    """Attendance before, with its period and source."""
    after: Mapped[str] = mapped_column(String(300), default="")
    learned: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class InitiativeSchool(Base):
    """A school that takes part."""

    __tablename__ = "initiative_school"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
