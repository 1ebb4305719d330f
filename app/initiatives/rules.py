"""What may be said of an initiative (MEAS-6), without asking the database."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from app.core.lists import is_valid_on, rows
from app.initiatives.models import Initiative, InitiativeState

LIST = Path(__file__).parent / "lists" / "kinds.csv"
LONGEST_TEXT = 10_000
STATE_WORDS = {
    InitiativeState.PLANNED: "Planned",
    InitiativeState.RUNNING: "Running",
    InitiativeState.DONE: "Done",
    InitiativeState.STOPPED: "Stopped",
}
OVER = (InitiativeState.DONE, InitiativeState.STOPPED)
WRITTEN = ("aim", "done", "learned")
"""Texts as long as they need to be."""


class SchoolTakingPart(NamedTuple):
    """By its number, with the name people know."""

    number: str
    name: str


@dataclass(frozen=True)
class InitiativeFacts:
    """All that is said of it on one page. A group is said without names: nobody can be found by it."""

    name: str
    kind: str
    state: InitiativeState
    aim: str
    from_on: date | None
    schools: tuple[SchoolTakingPart, ...] = ()
    group: str = ""
    to_on: date | None = None
    done: str = ""
    before: str = ""
    after: str = ""
    learned: str = ""

    @property
    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIELDS}

    @property
    def texts(self) -> dict[str, str]:
        """Each in words, by the name of its field."""
        return {name: _in_words(name, value) for name, value in self.values.items()}

    @property
    def columns(self) -> dict[str, Any]:
        """What stands in its own row."""
        return {name: value for name, value in self.values.items() if name != "schools"}


FIELDS = tuple(field.name for field in fields(InitiativeFacts))
LIMITS = {
    name: getattr(Initiative.__table__.c[name].type, "length", None) or LONGEST_TEXT
    for name in ("name", "group", "before", "after", *WRITTEN)
}
"""Characters that a field holds."""


def in_order(school: Any) -> tuple[str, str]:
    """By name, wherever schools of an initiative are told."""
    return school.name, school.number


def facts_of(row: Any, schools: Iterable[Any]) -> InitiativeFacts:
    """Of an initiative and the schools that take part in it."""
    taking_part = tuple(SchoolTakingPart(each.number, each.name) for each in sorted(schools, key=in_order))
    columns = {name: getattr(row, name) for name in FIELDS if name != "schools"}
    return InitiativeFacts(**columns, schools=taking_part)


@cache
def label_of(code: str) -> str:
    """What the list calls it; a row that was ended still has its name."""
    return next((row["label"] for row in rows(LIST) if row["code"] == code), code)


def kinds_on(day: date) -> dict[str, str]:
    """Code and label of what may be chosen that day."""
    return {row["code"]: row["label"] for row in rows(LIST) if is_valid_on(row, day)}


def fault_of(told: InitiativeFacts, today: date, *, was_kind: str = "") -> dict[str, str]:
    """What is wrong with it: field → what to do. `was_kind`: what it is now, also where the list has ended that."""
    demands = {
        "name": "" if told.name else "Give it a name that people here know it by",
        "kind": "" if told.kind in {*kinds_on(today), was_kind} - {""} else "Choose what kind of initiative it is",
        "aim": "" if told.aim else "Say what it is to change",
        "schools": "" if told.schools or told.group else "Choose a school, or say which group it is for",
        "from_on": "" if told.from_on else "Say from which day on",
        "to_on": _fault_of_end(told),
    }
    too_long = {
        name: f"Make this shorter, {limit:,} characters at most"
        for name, limit in LIMITS.items()
        if len(getattr(told, name)) > limit
    }
    return {field: fault for field, fault in demands.items() if fault} | too_long


def _fault_of_end(told: InitiativeFacts) -> str:
    if told.from_on and told.to_on and told.to_on < told.from_on:
        return "It ends before it begins. Mend one of the two days"
    return "Say when it ended" if told.state in OVER and not told.to_on else ""


def _in_words(name: str, value: Any) -> str:
    if name == "state":
        return STATE_WORDS[value]
    if name == "kind":
        return label_of(value)
    if name == "schools":
        return ", ".join(each.name for each in value)
    return f"{value.day} {value:%B %Y}" if isinstance(value, date) else value or ""
