"""What a change of status rests on (CASE-4 to CASE-7)."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class StatusFact(Base):
    """One thing that a change of status demanded, as it was answered or found recorded then. Append-only."""

    __tablename__ = "status_fact"

    change_id: Mapped[int] = mapped_column(ForeignKey("status_change.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
