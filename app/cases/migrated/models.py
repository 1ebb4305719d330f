"""Which cases were brought from another system, and who looked at them since (MEAS-5)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where


class MigratedCase(Base):
    """One of them."""

    __tablename__ = "migrated_case"
    __table_args__ = (
        Index("uq_migrated_case_former", "service_id", "former_number", unique=True),
        Index("ix_migrated_case_unreviewed", "service_id", **only_where("reviewed_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Whose list it came in."""
    former_number: Mapped[str] = mapped_column(String(40))
    """Its number there: the same list read twice makes no second case."""
    referred_on: Mapped[date]
    """The day of its original request."""
    at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
