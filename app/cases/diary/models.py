"""The private address at which somebody's calendar reads what they are to do (P17)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where


class CalendarFeed(Base):
    """Of one person in one role: its secret is kept as a digest, and a new one ends the one before."""

    __tablename__ = "calendar_feed"
    __table_args__ = (Index("uq_calendar_feed_one", "role_held_id", unique=True, **only_where("ended_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role_held_id: Mapped[int] = mapped_column(ForeignKey("role_held.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    """When a calendar last asked, to the hour."""
    ended_at: Mapped[datetime | None]
