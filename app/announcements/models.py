"""Announcements, who has put them away, and known issues."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Announcement(Base):
    """Said to the holders of some roles, or to everybody, from and until a time (H4). Ended, never deleted."""

    __tablename__ = "announcement"
    __table_args__ = (CheckConstraint("until_at > from_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    roles: Mapped[str] = mapped_column(String(300), default="")
    """Role codes between bars ("|attendance_lead|office_support|"); empty: everybody."""
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AnnouncementPutAway(Base):
    """Who has read an announcement and wants it no longer on every page."""

    __tablename__ = "announcement_put_away"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


class KnownIssue(Base):
    """What is known not to work, and what to do meanwhile (H2)."""

    __tablename__ = "known_issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    solved_at: Mapped[datetime | None]
