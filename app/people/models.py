"""Organisations, people, the roles they hold there, and sign-ins (A1 to A5)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, only_where, sort_text, word


class Kind(StrEnum):
    """What an organisation is; it decides which workspace its people come to."""

    SCHOOL = "school"
    SERVICE = "service"
    MINISTRY = "ministry"
    OPERATOR = "operator"


class Role(StrEnum):
    """The role codes of `product.md`."""

    ATTENDANCE_LEAD = "attendance_lead"
    OFFICE_SUPPORT = "office_support"
    PRIMARY_CONTACT = "primary_contact"
    WORKFLOW_LEAD = "workflow_lead"
    CASE_MANAGER = "case_manager"
    INVESTIGATOR = "investigator"
    REGIONAL_ADVISER = "regional_adviser"
    NATIONAL_ANALYST = "national_analyst"
    PROSECUTIONS_OFFICER = "prosecutions_officer"
    DELEGATED_AUTHORISER = "delegated_authoriser"
    OPERATOR = "operator"


class Source(StrEnum):
    """Where a role came from: the sign-in's claim, or a person."""

    CLAIM = "claim"
    PERSON = "person"


class Organisation(Base):
    """A school, a service (provider or in-school provision), a Ministry team, or the operator."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    case_managers_see_cases: Mapped[bool] = mapped_column(default=False)
    has_other_pauses: Mapped[bool] = mapped_column(default=False)
    """Its cases may be put on hold for other reasons than that the child is under six (CASE-7)."""


class Catchment(Base):
    """One of the areas the country is divided into; its region decides the anniversary day (CAL-1)."""

    __tablename__ = "catchment"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    region: Mapped[str] = mapped_column(String(8))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class RegionalOffice(Base):
    """Whom a school, or a service, turns to in its region (S8)."""

    __tablename__ = "regional_office"

    region: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")


class School(Base):
    """What a school has besides: the catchment its requests are routed by, and its in-school provision (REQ-6)."""

    __tablename__ = "school"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    catchment_id: Mapped[int] = mapped_column(ForeignKey("catchment.id"))
    provision_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class Person(Base):
    """Somebody who may sign in. Ended, never deleted."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    mail_failed_at: Mapped[datetime | None]
    """When a mail to them could not be delivered, and none has been since (SHARE-7)."""
    mail_failed_why: Mapped[str] = mapped_column(String(200), default="")

    roles: Mapped[list["RoleHeld"]] = relationship(back_populates="person", foreign_keys="RoleHeld.person_id")


class Identity(Base):
    """Who a sign-in server says this person is: bound once, to one subject per issuer."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("person_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    bound_at: Mapped[datetime]


class RoleHeld(Base):
    """A role at an organisation, since when, from where; ended, never deleted."""

    __tablename__ = "role_held"
    __table_args__ = (
        Index(
            "uq_role_held_current",
            "person_id",
            "organisation_id",
            "role",
            unique=True,
            **only_where("ended_at IS NULL"),
        ),
        CheckConstraint("source = 'claim' OR given_by_id IS NOT NULL OR given_by_command", name="given_by_someone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    source: Mapped[Source] = mapped_column(word(Source))
    given_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    given_by_command: Mapped[bool] = mapped_column(default=False)
    reviewed_at: Mapped[datetime | None]
    """When an authoriser last said that it is still right (A2)."""
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()


class SignIn(Base):
    """One sign-in: which role it acts in, and until when. Ending the row signs that browser out."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role_held_id: Mapped[int] = mapped_column(ForeignKey("role_held.id"))
    issuer: Mapped[str] = mapped_column(String(255))
    issuer_sid: Mapped[str] = mapped_column(sort_text(255), default="", index=True)
    is_shared_computer: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
