"""The case (CASE-1 to CASE-4), who is named on it, its timeline, and its safety notes."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, only_where, word

PAUSED_UNTIL_SIX = "under_six_withdrawn"
"""Of `lists/pause_reasons.csv` (CASE-7)."""


class CaseKind(StrEnum):
    """Chronic absence, or non-enrolment."""

    CA = "CA"
    NEN = "NEN"


class Status(StrEnum):
    """CASE-2; what each means stands in `lists/statuses.csv`."""

    TRIAGE = "triage"
    QUEUE = "queue"
    OPEN = "open"
    TRANSITION = "transition"
    PAUSED = "paused"
    CLOSED = "closed"


class Part(StrEnum):
    """The part somebody named on a case plays."""

    MANAGER = "manager"
    COVER = "cover"
    PRIMARY_CONTACT = "primary_contact"
    SECONDARY_CONTACT = "secondary_contact"
    FORMER_MANAGER = "former_manager"
    """Of a service that the case has left: reads on for a while (REQ-7)."""


class SafetyKind(StrEnum):
    """SHARE-8."""

    DOG = "dog"
    PERSON = "person"
    PLACE = "place"
    HEALTH = "health"
    OTHER = "other"


BY_URGENCY = ("service_id", "status", "urgency", "due_on", "id")
IS_MANAGED = "status <> 'closed' AND manager_id IS NOT NULL"


class Case(Base):
    """One case. At most one that is not closed exists per student, held here by the database (REQ-8)."""

    __tablename__ = "attendance_case"
    __table_args__ = (
        Index("uq_attendance_case_not_closed", "student_id", unique=True, **only_where("status <> 'closed'")),
        Index("ix_attendance_case_manager", "service_id", "manager_id", "status", **only_where(IS_MANAGED)),
        Index("ix_attendance_case_nobodys", *BY_URGENCY, **only_where("manager_id IS NULL")),
        Index("ix_attendance_case_queue", *BY_URGENCY),
        Index("ix_attendance_case_student", "student_id"),
        CheckConstraint("urgency IN (0, 1)", name="urgency"),
        CheckConstraint("urgency = 1 OR urgent_why <> ''", name="urgent_says_why"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[CaseKind] = mapped_column(word(CaseKind))
    student_id: Mapped[int] = mapped_column(ForeignKey("student.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Who its row of `CasePerson` names as manager now: kept here too, so that what each has is read from an index."""
    region: Mapped[str] = mapped_column(String(8))
    status: Mapped[Status] = mapped_column(word(Status))
    status_at: Mapped[datetime]
    close_reason: Mapped[str] = mapped_column(String(40), default="")
    """A code of `lists/close_reasons.csv`, of a closed case; of one that was asked for again, until somebody works it."""
    urgency: Mapped[int] = mapped_column(default=1)
    """0 urgent, 1 not: sorts the queue (CASE-9)."""
    urgent_why: Mapped[str] = mapped_column(Text, default="")
    service_started_on: Mapped[date]
    due_on: Mapped[date]
    """The end of the first limit of the school-meeting clock."""
    met_school_on: Mapped[date | None]
    """The first completed meeting with the school since the clocks began, in a mode that counts (CASE-8)."""
    engaged_on: Mapped[date | None]
    """The day by which student and a caregiver had both been met, since the clocks began (CASE-8)."""
    expected_end_on: Mapped[date | None]
    """Of transition: when it is expected to end (CASE-4)."""
    pause_reason: Mapped[str] = mapped_column(String(40), default="")
    """A code of `lists/pause_reasons.csv`, of a paused case."""
    pause_until: Mapped[date | None]
    """When a paused case reopens by itself, or is looked at again (CASE-7)."""
    made_at: Mapped[datetime]


class CaseSerial(Base):
    """The last serial number given out in a year (CASE-1)."""

    __tablename__ = "case_serial"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class StatusCount(Base):
    """How many cases a service has in each status: kept, not counted, so that a first page costs the same in a country as
    in a town. Only `app.cases.standing` changes it; `flask doctor` counts again."""

    __tablename__ = "status_count"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    status: Mapped[Status] = mapped_column(word(Status), primary_key=True)
    cases: Mapped[int]


class StatusChange(Base):
    """Each change of status: who, when, why. Append-only in the database itself."""

    __tablename__ = "status_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    was: Mapped[Status | None] = mapped_column(word(Status, "was"))
    became: Mapped[Status] = mapped_column(word(Status, "became"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[str] = mapped_column(Text, default="")


class CasePerson(Base):
    """Somebody named on a case, from and until; a closed case keeps those it closed with."""

    __tablename__ = "case_person"
    __table_args__ = (
        Index(
            "uq_case_person_one",
            "case_id",
            "part",
            unique=True,
            **only_where("until IS NULL AND part IN ('manager', 'primary_contact')"),
        ),
        Index("ix_case_person_person", "person_id", "case_id", "part"),
        Index("ix_case_person_case", "case_id", "part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    part: Mapped[Part] = mapped_column(word(Part))
    best_times: Mapped[str] = mapped_column(String(160), default="")
    """When a contact is best reached (CASE-3)."""
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    named_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class UpdateRequest(Base):
    """A school asked how it goes (SHARE-4): answered when the service shares something."""

    __tablename__ = "update_request"
    __table_args__ = (
        Index("uq_update_request_waiting", "case_id", "school_id", unique=True, **only_where("answered_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class SafetyNote(Base):
    """SHARE-8: what somebody who knocks at the door must know, who said so, and until when it is believed."""

    __tablename__ = "safety_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    kind: Mapped[SafetyKind] = mapped_column(word(SafetyKind))
    fact: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    review_by: Mapped[date]
    """Until when it is believed; a review sets another day."""
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    """It is true no more."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
