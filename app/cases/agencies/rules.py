"""What may be recorded of another agency (CASE-17), without asking the database."""

from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.cases.agencies.models import Agency
from app.core.lists import is_valid_on, rows
from app.core.reach import fault_of_email, fault_of_phone

LIST = Path(__file__).parent / "lists" / "agencies.csv"
OTHER = "other"
TOLD_WORDS = {True: "Yes", False: "No", None: "Not known"}
NO_REACH = "Write a phone number like 04 555 0100, or an e-mail address like name@example.nz"


@dataclass(frozen=True)
class AgencyFacts:
    """What is recorded of an agency, as it stands together on one page."""

    name: str = ""
    person: str = ""
    part: str = ""
    reach: str = ""
    since_on: date | None = None
    may_be_told: bool | None = None

    @property
    def texts(self) -> dict[str, str]:
        """Each in words, by the name of its field."""
        since = f"{self.since_on.day} {self.since_on:%B %Y}" if self.since_on else ""
        return {**self.values, "since_on": since, "may_be_told": TOLD_WORDS[self.may_be_told]}

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}


FIELDS = tuple(field.name for field in fields(AgencyFacts))
LIMITS = {name: limit for name in FIELDS if (limit := getattr(Agency.__table__.c[name].type, "length", None))}
"""Characters that a field holds."""


def facts_of(row: Any) -> AgencyFacts:
    return AgencyFacts(**{name: getattr(row, name) for name in FIELDS})


@cache
def label_of(code: str) -> str:
    """What the list calls it; a row that was ended still has its name."""
    return next((row["label"] for row in rows(LIST) if row["code"] == code), code)


@cache
def kind_of(code: str) -> str:
    """Of which kind it is, for what follows from that; nothing for one that the list does not know."""
    return next((row["kind"] for row in rows(LIST) if row["code"] == code), "")


def kinds_on(day: date) -> list[tuple[str, str]]:
    """Code and label of what may be named that day."""
    return [(row["code"], row["label"]) for row in rows(LIST) if is_valid_on(row, day)]


def fault_of_kind(code: str, today: date) -> str:
    return "" if code in dict(kinds_on(today)) else "Choose what kind of agency it is"


def fault_of(code: str, told: AgencyFacts, today: date) -> dict[str, str]:
    """What is wrong with it: field → what to do."""
    fault_of_reach = fault_of_email if "@" in told.reach else fault_of_phone
    demands = {
        "name": "Say which agency it is" if code == OTHER and not told.name else "",
        "reach": NO_REACH if fault_of_reach(told.reach) else "",
        "since_on": "This day is still to come" if told.since_on and told.since_on > today else "",
    }
    too_long = {
        field: f"Make this shorter, {limit} characters at most"
        for field, limit in LIMITS.items()
        if len(getattr(told, field)) > limit
    }
    return {field: fault for field, fault in demands.items() if fault} | too_long
