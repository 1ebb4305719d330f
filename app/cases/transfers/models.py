"""A transfer between services (CASE-18)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word


class TransferState(StrEnum):
    """CASE-18."""

    ASKED = "asked"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Transfer(Base):
    """A case is to go to another service: until that one accepts, the one that has it acts. One at a time of a case."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index("uq_transfer_waiting", "case_id", unique=True, **only_where("state IN ('asked', 'offered')")),
        Index("ix_transfer_case", "case_id"),
        Index("ix_transfer_to", "to_id", "state"),
        Index("ix_transfer_state", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The service that has the case."""
    to_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The one that is wanted, until it is offered to another; none: whoever offers it finds one."""
    state: Mapped[TransferState] = mapped_column(word(TransferState))
    why: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    offered_at: Mapped[datetime | None]
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    """By when the service it is offered to answers: three working days."""
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    """What they said when it ended."""
