"""What holds letters back until a day (LET-4)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, word
from app.letters.purposes import Purpose


class HoldReason(StrEnum):
    """LET-4: why letters for a purpose wait."""

    BEREAVEMENT = "bereavement"
    MEDICAL = "medical"
    NO_CONTACT_ALLOWED = "no_contact_allowed"
    RETURNED_MAIL = "returned_mail"
    RECENT_CONTACT = "recent_contact"
    RETURN_DATE_KNOWN = "return_date_known"
    DO_NOT_SEND = "do_not_send"


class LetterHold(Base):
    """No letters for a purpose until a day, to one caregiver or to all of a case (LET-4). Ended, never deleted."""

    __tablename__ = "letter_hold"
    __table_args__ = (CheckConstraint("(case_id IS NULL) <> (student_id IS NULL)", name="of_case_or_student"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"), index=True)
    """Of a school's hold."""
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The school that holds its letters back; none of a case's."""
    caregiver_id: Mapped[int | None] = mapped_column(ForeignKey("caregiver.id"))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    reason: Mapped[HoldReason] = mapped_column(word(HoldReason))
    why: Mapped[str] = mapped_column(Text, default="")
    until_on: Mapped[date]
    """The last day it holds."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
