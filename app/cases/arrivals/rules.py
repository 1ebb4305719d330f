"""What is told of a student who came with a case (CASE-10); and what a school tells of one whom its roll does not name yet."""

from dataclasses import dataclass
from datetime import date

from app.core import clock
from app.students.models import Enrolment, Student

SHOWN, RECORDED = "case.shown_to_new_school", "enrolment.recorded"
TAKEN_BACK = "enrolment.taken_back"
REVIEW, SECOND_SCHOOL = "former_school_case_review", "second_school_asked"
"""How `notifications.csv` calls them."""
YEAR_LEVELS = range(14)
YOUNGEST, OLDEST = 4, 25
"""Years: who was born later or longer ago is at no school."""
LONGEST_NUMBER = 10
LIMITS = {
    "legal_name": Student.__table__.c["legal_name"].type.length,  # type: ignore[attr-defined]
    "preferred_name": Student.__table__.c["preferred_name"].type.length,  # type: ignore[attr-defined]
    "evidence": Enrolment.__table__.c["evidence"].type.length,  # type: ignore[attr-defined]
}
"""Characters that a field holds."""


@dataclass(frozen=True)
class Newcomer:
    """A student as somebody of the school tells of them, and how they know that they are enrolled there (CAL-5)."""

    legal_name: str
    born_on: date | None
    enrolled_on: date | None
    year_level: int | None
    evidence: str
    preferred_name: str = ""
    national_number: str = ""


def fault_of_newcomer(told: Newcomer, today: date) -> dict[str, str]:
    """What is wrong with it: field → what to do."""
    demands = {
        "legal_name": "" if told.legal_name else "Write the student’s full legal name",
        "born_on": _fault_of_birth(told.born_on, today),
        "year_level": "" if told.year_level in YEAR_LEVELS else "Choose the year level",
        "national_number": _fault_of_number(told.national_number),
        "enrolled_on": _fault_of_enrolment(told, today),
        "evidence": "" if told.evidence else "Say how you know, for example from the enrolment form",
    }
    return {field: fault for field, fault in demands.items() if fault} | _too_long(told)


def _fault_of_birth(born_on: date | None, today: date) -> str:
    if born_on is None:
        return "Write the date of birth"
    if born_on > today:
        return "This day is still to come"
    if clock.add_months(born_on, 12 * YOUNGEST) > today:
        return f"Check the year: that is less than {YOUNGEST} years ago"
    is_old = clock.add_months(born_on, 12 * OLDEST) < today
    return f"Check the year: that is more than {OLDEST} years ago" if is_old else ""


def _fault_of_number(number: str) -> str:
    is_number = not number or (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER)
    return (
        ""
        if is_number
        else f"A national student number is {LONGEST_NUMBER} figures at most; leave it out if you are unsure"
    )


def _fault_of_enrolment(told: Newcomer, today: date) -> str:
    if told.enrolled_on is None:
        return "Write since when the student is enrolled at your school"
    if told.enrolled_on > today:
        return "This day is still to come. Add the student when they have begun"
    return "This day comes before the birthday" if told.born_on and told.enrolled_on < told.born_on else ""


def _too_long(told: Newcomer) -> dict[str, str]:
    return {
        field: f"Make this shorter, {limit} characters at most"
        for field, limit in LIMITS.items()
        if len(getattr(told, field)) > limit
    }
