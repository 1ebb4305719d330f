"""Students, enrolments and caregivers (CAL-5, CASE-14, CASE-17)."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, sort_text, word

EMPTY = text("''")
"""What the database says where nothing was written: columns that came later."""


class EnrolmentType(StrEnum):
    """CAL-5: regular, not attending with a return date, other."""

    REGULAR = "regular"
    NOT_ATTENDING = "not_attending"
    OTHER = "other"


class EnrolmentSource(StrEnum):
    """CAL-5: where the enrolment is known from."""

    ROLL = "roll"
    NOTICE = "notice"
    PERSON = "person"
    CHECK = "check"


class Tried(StrEnum):
    """CASE-14: what is known of an address, a phone, an e-mail."""

    CURRENT = "current"
    NOT_CURRENT = "not_current"
    NOT_TRIED = "not_tried"


class LettersBy(StrEnum):
    """CASE-14: how a caregiver chose to get letters."""

    POST = "post"
    EMAIL = "email"


class StudentColumns:
    """What is recorded of a student (CASE-17)."""

    legal_name: Mapped[str] = mapped_column(String(160))
    preferred_name: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(60), default="")
    needs_interpreter: Mapped[bool | None]
    """None: nobody has said."""
    return_on: Mapped[date | None]
    """The day they are said to be back at school."""
    return_said_by: Mapped[str] = mapped_column(String(160), default="", server_default=EMPTY)


class Student(StudentColumns, Base):
    """A student (ākonga)."""

    __tablename__ = "student"
    __table_args__ = (Index("ix_student_born_on", "born_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    sort_key: Mapped[str] = mapped_column(sort_text(330), index=True)
    born_on: Mapped[date]
    national_number: Mapped[str | None] = mapped_column(String(12), unique=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("student.id"))
    """The record that this one went into (CASE-18)."""

    @property
    def name(self) -> str:
        """What people call the student."""
        return self.preferred_name or self.legal_name


class NameWord(Base):
    """One folded word of a student's names, so that two letters find *Ng* as fast in a country as in a school; once for each
    organisation that has, or had, to do with the student. Who may be seen is asked of the roll and the case."""

    __tablename__ = "student_name_word"
    __table_args__ = (Index("ix_student_name_word_student", "student_id", "organisation_id", "word"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    word: Mapped[str] = mapped_column(sort_text(160), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), primary_key=True)


class Enrolment(Base):
    """A student at a school, from and to; what a school may see rests on it (CAL-5, CASE-10)."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_start"),
        Index("ix_enrolment_school", "school_id", "student_id"),
        Index("ix_enrolment_student", "student_id"),
        Index("ix_enrolment_local_id", "school_id", "local_id", **only_where("local_id <> ''")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    type: Mapped[EnrolmentType] = mapped_column(word(EnrolmentType))
    is_main: Mapped[bool] = mapped_column(default=True)
    year_level: Mapped[int]
    tutor: Mapped[str] = mapped_column(String(40), default="")
    local_id: Mapped[str] = mapped_column(String(40), default="", server_default=EMPTY)
    """The school's own number of the student."""
    source: Mapped[EnrolmentSource] = mapped_column(word(EnrolmentSource))
    as_of: Mapped[datetime]
    known_at: Mapped[datetime | None]  # the first of these, where a later roll has said so again
    cases_from: Mapped[date | None]
    """From when on the school sees cases that the student brought along; None: from the first day (CASE-10)."""
    evidence: Mapped[str] = mapped_column(String(300), default="", server_default=EMPTY)
    """What it is known from, where a person recorded it (CAL-5)."""
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class PrivacyStatementGiven(Base):
    """The whānau was given the privacy statement: when, and who says so (PRIV-5)."""

    __tablename__ = "privacy_statement_given"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    given_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]


class CaregiverColumns:
    """What is recorded of a caregiver."""

    name: Mapped[str] = mapped_column(String(160))
    relationship: Mapped[str] = mapped_column(String(60))
    has_responsibility: Mapped[bool | None]
    """None: nobody has said."""
    may_be_contacted: Mapped[bool | None]
    contact_note: Mapped[str] = mapped_column(String(300), default="")
    """How they may be contacted, or why not."""
    lives_with_student: Mapped[bool | None]
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(60), default="")
    address_state: Mapped[Tried] = mapped_column(word(Tried, "address_state"), default=Tried.NOT_TRIED)
    address_source: Mapped[str] = mapped_column(String(160), default="")
    """Who said so; empty: whoever named the caregiver."""
    address_checked_on: Mapped[date | None]
    phone_state: Mapped[Tried] = mapped_column(
        word(Tried, "phone_state"), default=Tried.NOT_TRIED, server_default=Tried.NOT_TRIED
    )
    phone_source: Mapped[str] = mapped_column(String(160), default="", server_default=EMPTY)
    phone_checked_on: Mapped[date | None]
    email_state: Mapped[Tried] = mapped_column(
        word(Tried, "email_state"), default=Tried.NOT_TRIED, server_default=Tried.NOT_TRIED
    )
    email_source: Mapped[str] = mapped_column(String(160), default="", server_default=EMPTY)
    email_checked_on: Mapped[date | None]
    letters_by: Mapped[LettersBy | None] = mapped_column(word(LettersBy, "letters_by"))
    """How they chose to get letters; None: nobody has asked."""
    letters_by_on: Mapped[date | None]
    """When they chose."""


class Caregiver(CaregiverColumns, Base):
    """Somebody in the whānau who looks after the student, and which organisation said so. Ended, never deleted."""

    __tablename__ = "caregiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"), index=True)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class FormerCaregiver(CaregiverColumns, Base):
    """What was recorded of a caregiver until somebody changed it; the first in the words of whoever named them. Append-only."""

    __tablename__ = "former_caregiver"

    caregiver_id: Mapped[int] = mapped_column(ForeignKey("caregiver.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1."""
    until: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    """Who changed it then."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
