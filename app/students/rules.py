"""What may be recorded of a caregiver (CASE-14), without asking the database."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from app.core import clock
from app.core.figures import the_figures
from app.core.reach import fault_of_email, fault_of_phone
from app.core.text import fold
from app.students.models import Caregiver, Enrolment, LettersBy, Tried

TRIED_WORDS = {Tried.NOT_TRIED: "Not tried yet", Tried.CURRENT: "Current", Tried.NOT_CURRENT: "Not current"}
LETTERS_WORDS = {LettersBy.POST: "By post", LettersBy.EMAIL: "By e-mail", None: "Nobody has asked"}
ANSWER_WORDS = {True: "Yes", False: "No", None: "Not known"}


class Named(Protocol):
    """A student, by what a school has of them."""

    @property
    def legal_name(self) -> str: ...
    @property
    def preferred_name(self) -> str: ...
    @property
    def born_on(self) -> date: ...


def is_alike(student: Named, name: str, born_on: date) -> bool:
    """Born that day and called so: either name, with or without macrons, the family name first or last."""
    called = {tuple(sorted(fold(each).split())) for each in (student.legal_name, student.preferred_name) if each}
    return student.born_on == born_on and tuple(sorted(fold(name).split())) in called


def known_since(enrolment: Enrolment) -> datetime:
    """However often a roll has said so again."""
    return enrolment.known_at or enrolment.as_of


def is_old(as_of: datetime) -> bool:
    """CAL-5: a roll of that moment is old by now."""
    return clock.nz(as_of).date() + timedelta(days=the_figures().roll_old_days) < clock.today()


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
    phone_state: Tried = Tried.NOT_TRIED
    phone_source: str = ""
    phone_checked_on: date | None = None
    email: str = ""
    email_state: Tried = Tried.NOT_TRIED
    email_source: str = ""
    email_checked_on: date | None = None
    letters_by: LettersBy | None = None
    letters_by_on: date | None = None
    language: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """Each in words, by the name of its field."""
        return {field.name: _in_words(field.name, getattr(self, field.name)) for field in fields(self)}

    @property
    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


DETAILS = ("address", "phone", "email")
"""How somebody is reached: of each its state, who said so, and when it was checked."""
FIELDS = tuple(field.name for field in fields(CaregiverFacts))
LIMITS = {name: limit for name in FIELDS if (limit := getattr(Caregiver.__table__.c[name].type, "length", None))}
"""Characters that a field holds."""


def facts_of(row: Any) -> CaregiverFacts:
    """Of a caregiver, or of what was recorded of one before."""
    return CaregiverFacts(**{name: getattr(row, name) for name in FIELDS})


def settled(told: CaregiverFacts, was: CaregiverFacts) -> CaregiverFacts:
    """Another address, number or e-mail is not tried yet: what stands beside it unchanged was found of the former one."""
    new = [
        detail
        for detail in DETAILS
        if getattr(told, detail) != getattr(was, detail) and _found(told, detail) == _found(was, detail)
    ]
    untried = {f"{detail}_state": Tried.NOT_TRIED for detail in new} | {f"{detail}_checked_on": None for detail in new}
    return replace(told, **untried)  # type: ignore[arg-type]


def _found(facts: CaregiverFacts, detail: str) -> tuple[Any, Any]:
    return getattr(facts, f"{detail}_state"), getattr(facts, f"{detail}_checked_on")


def fault_of(told: CaregiverFacts, today: date, *, was: CaregiverFacts | None = None) -> dict[str, str]:
    """What is wrong with it: field → what to do. `was`: what is recorded now."""
    demands = {
        "name": "" if told.name else "Write the caregiver’s name",
        "relationship": "" if told.relationship else "Say how they are related to the student, for example nan",
        "contact_note": _fault_of_contact(told),
        "address_source": _fault_of_source(told, was),
        **{f"{detail}_checked_on": _fault_of_check(told, detail, today) for detail in DETAILS},
        "letters_by": _fault_of_choice(told),
        "letters_by_on": _fault_of_choosing(told, today),
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


def _fault_of_check(told: CaregiverFacts, detail: str, today: date) -> str:
    state, checked_on = getattr(told, f"{detail}_state"), getattr(told, f"{detail}_checked_on")
    if state is not Tried.NOT_TRIED and checked_on is None:
        return "Say on which day it was checked"
    return "This day is still to come" if checked_on and checked_on > today else ""


def _fault_of_choice(told: CaregiverFacts) -> str:
    """LET-7: to an address that this caregiver chose."""
    by_email = told.letters_by is LettersBy.EMAIL
    return "Write the e-mail address that letters go to" if by_email and not told.email else ""


def _fault_of_choosing(told: CaregiverFacts, today: date) -> str:
    if told.letters_by and told.letters_by_on is None:
        return "Say on which day they chose"
    return "This day is still to come" if told.letters_by_on and told.letters_by_on > today else ""


def _too_long(told: CaregiverFacts) -> dict[str, str]:
    return {
        field: f"Make this shorter, {limit} characters at most"
        for field, limit in LIMITS.items()
        if len(getattr(told, field) or "") > limit
    }


def _in_words(field: str, value: Any) -> str:
    if isinstance(value, Tried):
        return TRIED_WORDS[value]
    if field == "letters_by":
        return LETTERS_WORDS[value]
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if field in {"has_responsibility", "may_be_contacted", "lives_with_student"}:
        return ANSWER_WORDS[value]
    return value or ""
