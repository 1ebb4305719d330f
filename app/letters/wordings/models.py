"""An organisation's own texts of letters, each version of each; and every text that a letter was written with (LET-9, LET-6)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word
from app.letters.purposes import Purpose


class LetterText(Base):
    """One version of the text of a step in a language. Written, looked at, put to use, and put out of use by the next one or
    by going back to ours; what it says is never changed once it was in use. A text serves letters of one kind only: formal
    warnings, or others."""

    __tablename__ = "letter_text"
    __table_args__ = (
        UniqueConstraint(
            *("organisation_id", "purpose", "step", "is_formal", "language", "number"), name="uq_letter_text_number"
        ),
        Index(
            "uq_letter_text_in_use",
            *("organisation_id", "purpose", "step", "is_formal", "language"),
            unique=True,
            **only_where("used_at IS NOT NULL AND ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NULL OR used_at IS NOT NULL", name="ended_was_used"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    step: Mapped[int]
    is_formal: Mapped[bool] = mapped_column(default=False, server_default=false())
    """As the step is on the ladder for which it was written (LET-2)."""
    language: Mapped[str] = mapped_column(String(35))
    """As BCP 47 names it: en, mi, sm."""
    number: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    """JSON: title, heading and blocks, as `letters.wording` reads them."""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the content: two who change one text at once are told by it."""
    why: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    used_at: Mapped[datetime | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class KeptWording(Base):
    """What a letter was written with, by its digest (`letter.wording`): shown for ever, whatever the texts say since (LET-6)."""

    __tablename__ = "kept_wording"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    """JSON: title, heading and blocks, law passages as they were."""
