"""What may be recorded of a barrier (CASE-15), without asking the database."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.cases.barriers.models import BarrierState, NamedBy
from app.core.lists import is_valid_on, rows

LIST = Path(__file__).parent / "lists" / "barriers.csv"
OTHER = "other"
LONGEST = 10_000
GROUP_WORDS = {
    "student": "The student",
    "school": "School",
    "whanau": "Whānau",
    "material": "Money, home, transport",
    "context": "Around the student",
    "other": "Something else",
}
STATE_WORDS = {
    BarrierState.OPEN: "Open",
    BarrierState.EASING: "Easing",
    BarrierState.RESOLVED: "Resolved",
}
NAMED_WORDS = {
    NamedBy.STUDENT: "The student",
    NamedBy.WHANAU: "The whānau",
    NamedBy.SCHOOL: "The school",
    NamedBy.SERVICE: "Our service",
    NamedBy.AGENCY: "Another agency",
}


@dataclass(frozen=True)
class BarrierFacts:
    """What is said of a barrier, as it stands together on one page."""

    about: str
    named_by: NamedBy
    since_on: date | None = None
    is_main: bool = False
    state: BarrierState = BarrierState.OPEN
    resolved_on: date | None = None

    @property
    def texts(self) -> dict[str, str]:
        """Each in words, by the name of its field."""
        return {
            "about": self.about,
            "named_by": NAMED_WORDS[self.named_by],
            "since_on": _day(self.since_on),
            "is_main": "Yes" if self.is_main else "No",
            "state": STATE_WORDS[self.state],
            "resolved_on": _day(self.resolved_on),
        }

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def standing(self) -> str:
        """How far it is: “Resolved 3 March 2026”."""
        return f"{STATE_WORDS[self.state]} {_day(self.resolved_on)}".strip()


FIELDS = tuple(field.name for field in fields(BarrierFacts))


def facts_of(row: Any) -> BarrierFacts:
    """Of a barrier, or of what was said of one before."""
    return BarrierFacts(**{name: getattr(row, name) for name in FIELDS})


@cache
def label_of(code: str) -> str:
    """What the list calls it; a row that was ended still has its name."""
    return next((row["label"] for row in rows(LIST) if row["code"] == code), code)


def kinds_on(day: date) -> dict[str, list[tuple[str, str]]]:
    """Code and label of what may be named that day, by group."""
    listed = [row for row in rows(LIST) if is_valid_on(row, day)]
    groups = {group: [row for row in listed if row["group"] == group] for group in GROUP_WORDS}
    return {GROUP_WORDS[group]: [(row["code"], row["label"]) for row in found] for group, found in groups.items()}


def fault_of_kind(code: str, today: date) -> str:
    known = {row["code"] for row in rows(LIST) if is_valid_on(row, today)}
    return "" if code in known else "Choose what gets in the way"


def fault_of(code: str, told: BarrierFacts, today: date) -> dict[str, str]:
    """What is wrong with it: field → what to do."""
    demands = {
        "about": _fault_of_about(code, told.about),
        "since_on": "This day is still to come" if told.since_on and told.since_on > today else "",
        "resolved_on": _fault_of_end(told, today),
    }
    return {field: fault for field, fault in demands.items() if fault}


def _fault_of_about(code: str, about: str) -> str:
    if len(about) > LONGEST:
        return f"Make this shorter, {LONGEST} characters at most"
    return "Say in a few words what it is" if code == OTHER and not about else ""


def _fault_of_end(told: BarrierFacts, today: date) -> str:
    is_resolved = told.state is BarrierState.RESOLVED
    if told.resolved_on is None:
        return "Say on which day it was resolved" if is_resolved else ""
    if not is_resolved:
        return "Choose “Resolved”, or leave this day empty"
    if told.since_on and told.resolved_on < told.since_on:
        return "This day is before the barrier was there"
    return "This day is still to come" if told.resolved_on > today else ""


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
