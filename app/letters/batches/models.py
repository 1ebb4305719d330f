"""A batch of letters, and its lines (L6)."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word
from app.letters.purposes import Purpose
from app.people.models import Role


class BatchState(StrEnum):
    """Where a batch stands."""

    REVIEW = "review"
    """Its lines are looked through; nothing is made."""
    MAKING = "making"
    MADE = "made"
    """Each line has its letter or says why not, and the print file is there."""
    CANCELLED = "cancelled"
    """Before it was through: letters that were made stay, the others are not made."""
    UNDONE = "undone"
    """Its letters are voided, with one reason."""


class LineState(StrEnum):
    """What is to become of a line, or has."""

    NOT_READY = "not_ready"
    """Something is in the way, or was when it was looked at last."""
    READY = "ready"
    SKIPPED = "skipped"
    """By whoever looked through the batch."""
    ASKED = "asked"
    """It has its letter: frozen, set, or made."""
    LEFT_OUT = "left_out"
    """It was ready, and was not any more when the letter was to be made."""


class Whom(NamedTuple):
    """To whom a line is, and about what: the same however often a batch is looked through. A caregiver is of one student, so
    that a school's letter needs no other key, also when two records of a student become one."""

    case_id: int
    """0 of a school's letter."""
    caregiver_id: int
    round: int


class LetterBatch(Base):
    """Letters of one purpose that somebody asks for together."""

    __tablename__ = "letter_batch"
    __table_args__ = (
        Index("ix_letter_batch_organisation", "organisation_id", "asked_at"),
        Index("ix_letter_batch_due", "next_try_at", **only_where("next_try_at IS NOT NULL")),
        CheckConstraint("state <> 'undone' OR (undone_at IS NOT NULL AND undone_why <> '')", name="undone_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    purpose: Mapped[Purpose] = mapped_column(word(Purpose))
    rule: Mapped[str] = mapped_column(String(40))
    """By which its lines were chosen."""
    state: Mapped[BatchState] = mapped_column(word(BatchState), default=BatchState.REVIEW)
    asked_at: Mapped[datetime]
    """When everybody on its list was looked at last: a text that was changed since is not the one that was meant."""
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_as: Mapped[Role] = mapped_column(word(Role))
    """Which cases are theirs is asked again as each letter is made."""
    begun_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    """When the worker looks after it next: letters to be made, put together, noted as posted, voided; while the print file is
    put together, the end of the lease."""
    attempts: Mapped[int] = mapped_column(default=0)
    fault: Mapped[str] = mapped_column(String(300), default="")
    ended_at: Mapped[datetime | None]
    """When it was made or cancelled."""
    print_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    posted_on: Mapped[date | None]
    posted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer_by: Mapped[date | None]
    """Of letters that were posted: until when an answer is hoped for; none where it is by no day."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_why: Mapped[str] = mapped_column(Text, default="")


class BatchLine(Base):
    """One letter that a batch is to have, to one caregiver; or why it has none."""

    __tablename__ = "batch_line"
    __table_args__ = (
        Index("ix_batch_line_case", "case_id"),
        CheckConstraint("(case_id IS NULL) <> (student_id IS NULL)", name="of_case_or_student"),
        CheckConstraint("(state = 'asked') = (letter_id IS NOT NULL)", name="asked_has_letter"),
        CheckConstraint("(state IN ('ready', 'asked')) = (skipped_why = '')", name="reason_of_none"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("letter_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    """In posting order, from 1."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"))
    student_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"))
    """Of a school's letter, which has no case."""
    caregiver_id: Mapped[int] = mapped_column(ForeignKey("caregiver.id"))
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    """Of a school's letter the term, or the holiday, that it is about (`Letter.round`); 0 of a case's."""
    step: Mapped[int]
    """The letter it is to be; 0 where the ladder has none left."""
    state: Mapped[LineState] = mapped_column(word(LineState))
    letter_id: Mapped[int | None] = mapped_column(ForeignKey("letter.id"), unique=True)
    skipped_why: Mapped[str] = mapped_column(String(300), default="")
    """Why there is no letter, in whichever of these states."""
    is_said_posted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its letter was among those that somebody said were posted: not what was in the mail then, however that ended."""

    @property
    def whom(self) -> Whom:
        return Whom(self.case_id or 0, self.caregiver_id, self.round)
