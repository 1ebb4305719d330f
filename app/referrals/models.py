"""A support request, and its answers: a row per field, as typed (REQ-4)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word


class State(StrEnum):
    """REQ-1."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    TAKEN_UP = "taken_up"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """REQ-7: what submitting did."""

    NEW = "new"
    JOINED = "joined"
    REOPENED = "reopened"
    MOVED = "moved"


class Referral(Base):
    """A school's request for support with one student. Outside the school nobody sees a draft."""

    __tablename__ = "referral"
    __table_args__ = (
        Index(
            "uq_referral_draft",
            "school_id",
            "student_id",
            unique=True,
            **only_where("state = 'draft' AND discarded_at IS NULL"),
        ),
        Index("ix_referral_school", "school_id", "state", "id"),
        Index("ix_referral_student", "student_id"),
        CheckConstraint("state = 'draft' OR case_id IS NOT NULL", name="submitted_has_case"),
        CheckConstraint("state = 'draft' OR submitted_by_id IS NOT NULL", name="submitted_by_someone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    state: Mapped[State] = mapped_column(word(State))
    maker_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who finishes the draft: its maker, until it is handed over."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    announced_at: Mapped[datetime | None]
    """When its end was announced to those who may finish it (REQ-3); a change takes that back."""
    discarded_at: Mapped[datetime | None]
    """A draft thrown away can be brought back for a while."""
    discarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))
    replaced_id: Mapped[int | None] = mapped_column(ForeignKey("case_person.id"))
    """The contact of the case that it joined, whom its own replaced: back if it is withdrawn (REQ-1)."""
    service_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The in-school provision that referred on behalf of the school (CASE-11)."""
    ended_at: Mapped[datetime | None]
    """When it was declined or withdrawn (REQ-1)."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_why: Mapped[str] = mapped_column(Text, default="")


class Answer(Base):
    """One field of a request, as typed: version, from which page, who and when (REQ-4)."""

    __tablename__ = "referral_answer"
    __table_args__ = (UniqueConstraint("referral_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    field: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    page: Mapped[str] = mapped_column(String(20), default="")
    """From which page it came: a page's own repeated or overtaken save is no conflict."""
    turn: Mapped[int] = mapped_column(default=0)
    """The how-manieth save of that page."""
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class KeptText(Base):
    """What somebody typed into a field that another page had changed: kept beside the answer until one is chosen (REQ-4)."""

    __tablename__ = "referral_kept_text"
    __table_args__ = (UniqueConstraint("referral_id", "field", "page", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"))
    field: Mapped[str] = mapped_column(String(40))
    page: Mapped[str] = mapped_column(String(20))
    """The page that last saved it: what another page of the same person says stands beside it."""
    turn: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


class LikelyMatch(Base):
    """REQ-10: two records that may be one student. Whoever decides is kept; until then the request has its own case."""

    __tablename__ = "likely_match"
    __table_args__ = (
        UniqueConstraint("case_id", "other_case_id"),
        Index("ix_likely_match_waiting", "case_id", "other_case_id", **only_where("decided_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    """The new case."""
    other_case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    is_same: Mapped[bool | None]


class ReferralFile(Base):
    """A file that the school put with its request; once sent, it hangs on the request's entry too."""

    __tablename__ = "referral_file"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referral.id"), index=True)
