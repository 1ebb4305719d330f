"""A reported problem."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ProblemReport(Base):
    """HELP-1: who, where, on which page, with which browser; what they were doing, and whether it stops their work."""

    __tablename__ = "problem_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    made_at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_number: Mapped[str] = mapped_column(String(12), default="")
    page: Mapped[str] = mapped_column(String(200), default="")
    """The route's pattern, not the address: addresses may be about people."""
    browser: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[str] = mapped_column(String(40), default="")
    error_number: Mapped[str] = mapped_column(String(40), default="")
    doing: Mapped[str] = mapped_column(Text)
    stops_work: Mapped[bool]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    operator_may_open: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
