"""A letter on its way by e-mail (LET-7). The row is the job: it carries its lease, its tries and its end."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where


class LetterMail(Base):
    """One mail with one letter, to the address that its caregiver chose. Taken by the mail server, or given up with why;
    never deleted."""

    __tablename__ = "letter_mail"
    __table_args__ = (
        Index("uq_letter_mail_open", "letter_id", unique=True, **only_where("sent_at IS NULL AND fault = ''")),
        Index("ix_letter_mail_letter", "letter_id"),
        Index("ix_letter_mail_due", "next_try_at", **only_where("next_try_at IS NOT NULL")),
        CheckConstraint("sent_at IS NULL OR (fault = '' AND next_try_at IS NULL)", name="sent_has_no_fault"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"))
    address: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    next_try_at: Mapped[datetime | None]
    """When it is due; while it is on its way, the end of the lease; none once it left or was given up."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    sent_at: Mapped[datetime | None]
    is_perhaps_twice: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was in flight when its worker died, and left again."""
    fault: Mapped[str] = mapped_column(String(300), default="")
    """Why it was given up, in plain words: then the letter is printed."""

    @property
    def is_in_flight(self) -> bool:
        """A worker has claimed it and not said since what became of it."""
        return bool(self.attempts and not self.last_error and self.next_try_at)
