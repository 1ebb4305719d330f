"""Absences, last days at school and holidays as somebody told them (LET-5). Half-day marks take their place where there are any (ATT-1)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class AbsenceStatement(Base):
    """How many half-days a student was absent, over what period, as of when, and who said so. Append-only: what was said
    later takes the place of what was said before, and both stay."""

    __tablename__ = "absence_statement"
    __table_args__ = (
        CheckConstraint("from_on <= to_on AND to_on <= as_of", name="in_order"),
        CheckConstraint("half_days_explained >= 0 AND half_days_unexplained >= 0", name="not_negative"),
        CheckConstraint("half_days_explained + half_days_unexplained <= half_days_open", name="within_open"),
        Index("ix_absence_statement_student", "student_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    as_of: Mapped[date]
    half_days_open: Mapped[int]
    """Half-days the school was open for the student in the period."""
    half_days_explained: Mapped[int]
    half_days_unexplained: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    """Who said so and how: "Aroha Ngata, by phone"."""
    told_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    recorded_at: Mapped[datetime]


class AbsenceWeek(Base):
    """One week of a statement, where it was told week by week; the weeks of a statement make up its sums. Append-only."""

    __tablename__ = "absence_week"
    __table_args__ = (
        CheckConstraint("half_days_explained >= 0 AND half_days_unexplained >= 0", name="not_negative"),
        CheckConstraint("half_days_explained + half_days_unexplained <= half_days_open", name="within_open"),
    )

    statement_id: Mapped[int] = mapped_column(ForeignKey("absence_statement.id"), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    """Its Monday."""
    half_days_open: Mapped[int]
    half_days_explained: Mapped[int]
    half_days_unexplained: Mapped[int]


class LastAttendance(Base):
    """The last day a student was at school before they left, and who said so (LET-5). Append-only: what was said later takes
    the place of what was said before, and both stay."""

    __tablename__ = "last_attendance"
    __table_args__ = (
        CheckConstraint("last_on <= told_on", name="in_order"),
        Index("ix_last_attendance_student", "student_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The school they left, where it is known."""
    last_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    """Who said so and how: "Aroha Ngata, by phone"."""
    told_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    recorded_at: Mapped[datetime]


class Holiday(Base):
    """A holiday in term time that a whānau told the school of, or that the school heard of (LET-5). Ended, never deleted."""

    __tablename__ = "holiday"
    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="in_order"),
        Index("ix_holiday_student", "student_id", "school_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    """The last day away."""
    source: Mapped[str] = mapped_column(String(200))
    told_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was taken back: recorded by mistake, or it does not take place."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
