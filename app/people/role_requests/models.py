"""A role that was asked for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word
from app.people.models import Role


class RoleRequest(Base):
    """Somebody needs a role here: they ask for it themselves, or a colleague names them. Decided once, kept for good."""

    __tablename__ = "role_request"
    __table_args__ = (
        Index(
            "uq_role_request_waiting",
            "person_id",
            "organisation_id",
            "role",
            unique=True,
            **only_where("decided_at IS NULL"),
        ),
        Index("ix_role_request_organisation", "organisation_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who would hold it."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(word(Role))
    why: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_given: Mapped[bool | None]
    """None also where it was decided: whoever named them took it back."""
    decided_why: Mapped[str] = mapped_column(String(300), default="")
