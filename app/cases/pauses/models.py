"""A pause that somebody asks for (CASE-7)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word


class PauseState(StrEnum):
    """CASE-7."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Pause(Base):
    """A case is to be on hold, why, and until when at most: a workflow lead approves or refuses it. One at a time of a case."""

    __tablename__ = "pause"
    __table_args__ = (
        Index("uq_pause_waiting", "case_id", unique=True, **only_where("state = 'asked'")),
        Index("ix_pause_case", "case_id"),
        Index("ix_pause_service_waiting", "service_id", **only_where("state = 'asked'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The service that has the case, and whose leads answer."""
    state: Mapped[PauseState] = mapped_column(word(PauseState))
    why: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date]
    """When the case is looked at again."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_alone: Mapped[bool] = mapped_column(default=False)
    """Who asked approved it too: the service has no other lead (CASE-20)."""
    is_under_sixteen: Mapped[bool] = mapped_column(default=False)
    """The sixteenth birthday was still to come when it was approved: the case goes on by itself on that day at the latest."""
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused."""
