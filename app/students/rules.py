"""What may be recorded of a caregiver (CASE-14), without asking the database."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.core.reach import fault_of_email, fault_of_phone
from app.students.models import Caregiver, Tried

TRIED_WORDS = {Tried.NOT_TRIED: "Not tried yet", Tried.CURRENT: "Current", Tried.NOT_CURRENT: "Not current"}
ANSWER_WORDS = {True: "Yes", False: "No", None: "Not known"}


@dataclass(frozen=True)
class CaregiverFacts:
    """What is recorded of a caregiver, as it stands together on one page."""

    name: str
    relationship: str
    has_responsibility: bool | None = None
    may_be_contacted: bool | None = None
    contact_note: str = ""
    lives_with_student: bool | None = None
    address: str = ""
    address_state: Tried = Tried.NOT_TRIED
    address_source: str = ""
    address_checked_on: date | None = None
    phone: str = ""
    email: str = ""
    language: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """Each in words, by the name of its field."""
        return {field.name: _in_words(field.name, getattr(self, field.name)) for field in fields(self)}

    @property
    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


FIELDS = tuple(field.name for field in fields(CaregiverFacts))
LIMITS = {name: limit for name in FIELDS if (limit := getattr(Caregiver.__table__.c[name].type, "length", None))}
"""Characters that a field holds."""


def facts_of(row: Any) -> CaregiverFacts:
    """Of a caregiver, or of what was recorded of one before."""
    return CaregiverFacts(**{name: getattr(row, name) for name in FIELDS})


def fault_of(told: CaregiverFacts, today: date, *, was: CaregiverFacts | None = None) -> dict[str, str]:
    """What is wrong with it: field → what to do. `was`: what is recorded now."""
    demands = {
        "name": "" if told.name else "Write the caregiver’s name",
        "relationship": "" if told.relationship else "Say how they are related to the student, for example nan",
        "contact_note": _fault_of_contact(told),
        "address_source": _fault_of_source(told, was),
        "address_checked_on": _fault_of_check(told, today),
        "phone": fault_of_phone(told.phone),
        "email": fault_of_email(told.email),
    }
    return {field: fault for field, fault in demands.items() if fault} | _too_long(told)


def _fault_of_contact(told: CaregiverFacts) -> str:
    if told.may_be_contacted is False and not told.contact_note:
        return "Say why they may not be contacted"
    return ""


def _fault_of_source(told: CaregiverFacts, was: CaregiverFacts | None) -> str:
    """Of an address that whoever named the caregiver did not give it must be said who gave it (L4)."""
    is_new = bool(told.address) and (was is None or told.address != was.address)
    return "Say who told you this address, and how" if is_new and not told.address_source else ""


def _fault_of_check(told: CaregiverFacts, today: date) -> str:
    if told.address_state is not Tried.NOT_TRIED and told.address_checked_on is None:
        return "Say on which day it was checked"
    if told.address_checked_on and told.address_checked_on > today:
        return "This day is still to come"
    return ""


def _too_long(told: CaregiverFacts) -> dict[str, str]:
    return {
        field: f"Make this shorter, {limit} characters at most"
        for field, limit in LIMITS.items()
        if len(getattr(told, field)) > limit
    }


def _in_words(field: str, value: Any) -> str:
    if isinstance(value, Tried):
        return TRIED_WORDS[value]
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if field in {"has_responsibility", "may_be_contacted", "lives_with_student"}:
        return ANSWER_WORDS[value]
    return value or ""
