"""What may be said of an enrolment that somebody knows of (CAL-5), and of siblings, without asking the database."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.cases.arrivals.rules import YEAR_LEVELS
from app.students.models import Enrolment, EnrolmentSource
from app.students.siblings.models import Sibling

LONGEST_AGO, LONGEST_AHEAD = timedelta(days=3 * 366), timedelta(days=366)
LONGEST_EVIDENCE: int = Enrolment.__table__.c.evidence.type.length  # type: ignore[attr-defined]
LONGEST_SOURCE: int = Sibling.__table__.c.source.type.length  # type: ignore[attr-defined]
LONGEST_WHY = 300
SOURCE_WORDS = {
    EnrolmentSource.ROLL: "The school’s roll",
    EnrolmentSource.NOTICE: "A notice",
    EnrolmentSource.PERSON: "Recorded by hand",
    EnrolmentSource.CHECK: "A check",
}


@dataclass(frozen=True)
class Elsewhere:
    """An enrolment at a school, as somebody knows it, and from what."""

    from_on: date | None
    year_level: int | None
    is_main: bool
    evidence: str


def fault_of(told: Elsewhere, today: date) -> dict[str, str]:
    """What is wrong with it: field → what to do."""
    demands = {
        "from_on": _fault_of_day(told.from_on, today),
        "year_level": "" if told.year_level in YEAR_LEVELS else "Write the year level, 0 to 13",
        "evidence": _fault_of_text(told.evidence, LONGEST_EVIDENCE, "Say what you know it from"),
    }
    return {field: fault for field, fault in demands.items() if fault}


def fault_of_source(source: str) -> str:
    return _fault_of_text(source, LONGEST_SOURCE, "Say who said that they are siblings")


def fault_of_why(why: str) -> str:
    return _fault_of_text(why, LONGEST_WHY, "Say why it was a mistake")


def _fault_of_day(day: date | None, today: date) -> str:
    if day is None:
        return "Write the first day at that school"
    is_near = today - LONGEST_AGO <= day <= today + LONGEST_AHEAD
    return "" if is_near else "Write a day of the last three years, or of the next one"


def _fault_of_text(text: str, longest: int, demand: str) -> str:
    if not text:
        return demand
    return f"Make this shorter, {longest} characters at most" if len(text) > longest else ""
