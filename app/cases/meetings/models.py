"""The list of a first meeting (CASE-13). A meeting itself stands on the timeline, which says who reads it."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.entries import Meeting
from app.core.db import Base

__all__ = ["Meeting", "MeetingAnswer"]


class MeetingAnswer(Base):
    """One line of the list of a first meeting (CASE-13), as it was filled in; none is compulsory."""

    __tablename__ = "meeting_answer"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
