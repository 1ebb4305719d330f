"""What may be recorded of a student (CASE-17), and which of it a school knows, without asking the database."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.core.reach import fault_of_phone
from app.core.text import fold
from app.students.models import Student
from app.students.rules import ANSWER_WORDS

OLDEST = 25
"""Years: nobody older is enrolled."""
MOST_DIGITS = 10
FOUND_BY_OTHERS = ("address", "phone")
"""Contact details: what somebody else found out is theirs to share (CASE-10)."""
NUMBER_STAYS = "The number is recorded already. If it is another student’s, say so to whoever looks after duplicates"


@dataclass(frozen=True)
class StudentFacts:
    """What is recorded of a student, as it stands together on one page."""

    legal_name: str = ""
    preferred_name: str = ""
    born_on: date | None = None
    national_number: str = ""
    address: str = ""
    phone: str = ""
    language: str = ""
    needs_interpreter: bool | None = None
    return_on: date | None = None
    return_said_by: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """Each in words, by the name of its field."""
        return {field: _in_words(value) for field, value in self.values.items()} | {
            "needs_interpreter": ANSWER_WORDS[self.needs_interpreter]
        }

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = tuple(field.name for field in fields(StudentFacts))
KEPT = tuple(name for name in FIELDS if name != "national_number")
"""What a former version keeps."""
LIMITS = {name: limit for name in FIELDS if (limit := getattr(Student.__table__.c[name].type, "length", None))}
"""Characters that a field holds."""


def facts_of(row: Any) -> StudentFacts:
    """Of a student as recorded now."""
    return StudentFacts(**{name: getattr(row, name) for name in KEPT}, national_number=row.national_number or "")


def said_by(organisation_id: int, now: StudentFacts, former: Sequence[Any], *, is_first: bool) -> dict[str, str]:
    """Contact details as this organisation said them last; as they stood at first where that is what its roll said (`is_first`).
    Of what it said nothing of, nothing."""
    own: dict[str, str] = {}
    for field in FOUND_BY_OTHERS:
        said = [*(getattr(row, field) for row in former), getattr(now, field)]
        if is_first and said[0]:
            own[field] = said[0]
        for place, row in enumerate(former):
            if row.organisation_id == organisation_id and said[place] != said[place + 1]:
                own[field] = said[place + 1]
    return own


def former_names(now: StudentFacts, former: Sequence[Any]) -> list[str]:
    """Other names that were recorded, the last one first."""
    names = [name for row in reversed(former) for name in (row.legal_name, row.preferred_name) if name]
    return [name for name in dict.fromkeys(names) if name not in {now.legal_name, now.preferred_name}]


def fault_of(told: StudentFacts, today: date, *, was: StudentFacts) -> dict[str, str]:
    """What is wrong with it: field → what to do. `was`: what is recorded now."""
    demands = {
        "legal_name": "" if fold(told.legal_name) else "Write the student’s legal name",
        "born_on": _fault_of_birth(told.born_on, today),
        "national_number": _fault_of_number(told.national_number, was.national_number),
        "phone": fault_of_phone(told.phone),
        "return_on": _fault_of_return(told, today, was),
        "return_said_by": "Say who said so" if told.return_on and not told.return_said_by else "",
    }
    too_long = {
        field: f"Make this shorter, {limit} characters at most"
        for field, limit in LIMITS.items()
        if len(getattr(told, field)) > limit
    }
    return {field: fault for field, fault in demands.items() if fault} | too_long


def _fault_of_birth(born_on: date | None, today: date) -> str:
    if born_on is None:
        return "Write the date of birth"
    if not today.year - OLDEST <= born_on.year or born_on > today:
        return f"Write a date of birth of the last {OLDEST} years"
    return ""


def _fault_of_number(number: str, was: str) -> str:
    """Written down where none is known; the one that is known stays, as records are told apart by it (REQ-10)."""
    if was and number != was:
        return NUMBER_STAYS
    is_number = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    return "" if not number or is_number else f"Write the number in digits, {MOST_DIGITS} at most"


def _fault_of_return(told: StudentFacts, today: date, was: StudentFacts) -> str:
    is_new = told.return_on and told.return_on != was.return_on
    return "Write a day from today on" if is_new and told.return_on and told.return_on < today else ""


def _in_words(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value or "")
