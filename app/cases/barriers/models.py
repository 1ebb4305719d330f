"""Barriers (CASE-15), each with what was said of it before."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, word


class BarrierState(StrEnum):
    """CASE-15."""

    OPEN = "open"
    EASING = "easing"
    RESOLVED = "resolved"


class NamedBy(StrEnum):
    """Who named it."""

    STUDENT = "student"
    WHANAU = "whanau"
    SCHOOL = "school"
    SERVICE = "service"
    AGENCY = "agency"


class BarrierColumns:
    """What is said of a barrier."""

    about: Mapped[str] = mapped_column(Text, default="")
    named_by: Mapped[NamedBy] = mapped_column(word(NamedBy))
    since_on: Mapped[date | None]
    """None: nobody knows."""
    is_main: Mapped[bool] = mapped_column(default=False)
    state: Mapped[BarrierState] = mapped_column(word(BarrierState))
    resolved_on: Mapped[date | None]


class Barrier(BarrierColumns, Base):
    """What stands between a student and school: a row of `lists/barriers.csv`, or another in words. Ended where it was named
    in error, never deleted."""

    __tablename__ = "barrier"
    __table_args__ = (
        Index("ix_barrier_case", "case_id"),
        CheckConstraint("(state = 'resolved') = (resolved_on IS NOT NULL)", name="resolved_says_when"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    code: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class FormerBarrier(BarrierColumns, Base):
    """What was said of a barrier until somebody changed it. Append-only."""

    __tablename__ = "former_barrier"

    barrier_id: Mapped[int] = mapped_column(ForeignKey("barrier.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    until: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
