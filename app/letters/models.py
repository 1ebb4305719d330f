"""Letters (LET-1 to LET-8): each as it was asked for, made, sent and kept; and letterheads."""

import json
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word
from app.letters import steps  # noqa: F401  (the ladders that letters point at)
from app.letters.purposes import Purpose


class Method(StrEnum):
    """LET-6: how a letter was sent."""

    POST = "post"
    COURIER = "courier"
    HAND = "hand"
    EMAIL = "email"


class Back(StrEnum):
    """LET-6: what came back of a letter that was sent."""

    RETURNED = "returned"
    ANSWERED = "answered"
    NO_RESPONSE = "no_response"


LAYOUT = "Layout"
"""Among what a letter was rendered with: how two languages stand in it (`beside`)."""
IN_FORCE = "made_at IS NOT NULL AND voided_at IS NULL"
WAITS_FOR_SIGNING = "sign_asked_at IS NOT NULL AND made_at IS NULL AND not_signed_why = ''"


class Letter(Base):
    """One letter to one caregiver: asked for with its facts, rendered by the worker, looked at, made, sent. Until it is
    made it is only a preview, and goes after a day. Made, it is never deleted, and what it says never changed: the database
    itself refuses (LET-6)."""

    __tablename__ = "letter"
    __table_args__ = (
        Index(
            "uq_letter_step",
            *("case_id", "caregiver_id", "purpose", "round", "step"),
            unique=True,
            **only_where(IN_FORCE),
        ),
        Index("ix_letter_to_render", "next_try_at", **only_where("next_try_at IS NOT NULL")),
        Index("ix_letter_to_sign", "organisation_id", "case_id", **only_where(WAITS_FOR_SIGNING)),
        Index(
            "uq_letter_of_school",
            *("student_id", "caregiver_id", "purpose", "round", "step"),
            unique=True,
            **only_where(f"student_id IS NOT NULL AND {IN_FORCE}"),
        ),
        Index("ix_letter_of_school", "organisation_id", "sent_on", **only_where("student_id IS NOT NULL")),
        CheckConstraint("(case_id IS NULL) <> (student_id IS NULL)", name="of_case_or_student"),
        CheckConstraint(
            "rendered_at IS NULL OR (file_id IS NOT NULL AND next_try_at IS NULL)", name="rendered_has_file"
        ),
        CheckConstraint(
            "made_at IS NULL OR (rendered_at IS NOT NULL AND made_by_id IS NOT NULL)", name="made_is_rendered"
        ),
        CheckConstraint("method IS NULL OR (made_at IS NOT NULL AND sent_on IS NOT NULL)", name="sent_is_made"),
        CheckConstraint("method <> 'hand' OR served_by <> ''", name="by_hand_says_who"),
        CheckConstraint(
            "back IS NULL OR (method IS NOT NULL AND back_on >= sent_on AND back_by_id IS NOT NULL)",
            name="back_of_sent",
        ),
        CheckConstraint(
            "made_at IS NULL OR NOT is_formal OR (signed_at IS NOT NULL AND signed_by_id IS NOT NULL)",
            name="formal_is_signed",
        ),
        CheckConstraint("voided_at IS NULL OR (made_at IS NOT NULL AND void_why <> '')", name="void_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    """Of a service's letter."""
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"), index=True)
    """Of a school's letter, which has no case."""
    caregiver_id: Mapped[int] = mapped_column(ForeignKey("caregiver.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """Who writes it."""
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    step: Mapped[int]
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    """Of the ladder to this caregiver: one more each time that a lead has it begin again (LET-2). Of a school's ladder the
    term (20264 is term 4 of 2026), of a holiday letter the number of the holiday."""
    is_formal: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A formal warning: made only as a lead signs it off (LET-2)."""
    ladder_id: Mapped[int | None] = mapped_column(ForeignKey("ladder.id"))
    """The version of the organisation's own ladder; none where it is ours."""
    languages: Mapped[str] = mapped_column(String(80), default="en", server_default="en")
    """In which it is written, as BCP 47 names them: one, or two with a plus between them, side by side (LET-9)."""
    facts: Mapped[str] = mapped_column(Text)
    """Frozen when it was asked for: JSON, keys in order (`letters.facts`)."""
    wording: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the texts it was written with; what they say is kept (`wordings.models.KeptWording`)."""
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    next_try_at: Mapped[datetime | None]
    """When it is due to be rendered; while it is being rendered, the end of the lease; none once it is, or has failed."""
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(300), default="")
    """Why it could not be rendered, in plain words."""
    rendered_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    page_count: Mapped[int | None]
    versions: Mapped[str] = mapped_column(Text, default="")
    """What it was rendered with, as JSON: app, WeasyPrint, Pango, fonts (LET-6); of two languages also how they stand."""
    sign_asked_at: Mapped[datetime | None]
    sign_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    no_contact_why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """Of a formal warning: why nobody had spoken with the school shortly before (CASE-4)."""
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_signed_alone: Mapped[bool] = mapped_column(default=False, server_default=false())
    """By its author, where the service has no other lead (CASE-20)."""
    not_signed_why: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """Why a lead sent it back; then it is never made."""
    made_at: Mapped[datetime | None]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_on: Mapped[date | None]
    method: Mapped[Method | None] = mapped_column(word(Method))
    served_by: Mapped[str] = mapped_column(String(160), default="")
    """Of a letter given by hand: who gave it, and at what time."""
    sent_recorded_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    back: Mapped[Back | None] = mapped_column(word(Back))
    back_on: Mapped[date | None]
    """The day it came back or was answered; of one that was not, the day by which."""
    back_note: Mapped[str] = mapped_column(String(300), default="")
    back_recorded_at: Mapped[datetime | None]
    back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime | None]
    """When facts that it states were first seen to be others now (L8)."""
    changed_what: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    """Which, by their labels; names nobody."""
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    void_why: Mapped[str] = mapped_column(Text, default="")

    @property
    def layout(self) -> str:
        """How its two languages stand, in words; empty before it is rendered, and where there is one."""
        return str(json.loads(self.versions or "{}").get(LAYOUT, ""))


class LetterPage(Base):
    """A page of a preview as a picture; goes with it, or a day after the letter was made."""

    __tablename__ = "letter_page"

    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    """Of the picture, in pixels."""
    png: Mapped[bytes] = mapped_column(LargeBinary)


class Letterhead(Base):
    """How an organisation's letters begin: its names, address, phone and mark."""

    __tablename__ = "letterhead"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name_mi: Mapped[str] = mapped_column(String(160), default="")
    """Its name in te reo Māori, where it has one."""
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    colour: Mapped[str] = mapped_column(String(7), default="", server_default=text("''"))
    """Of its lines and headings: # and six hexadecimal digits, dark enough on white; empty is ours."""
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
