"""What is said of a task, without asking the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

ADDED, CHANGED, DONE, DROPPED = "task.added", "task.changed", "task.done", "task.dropped"
LONGEST = 500
MOST_ENDED = 25
"""Ended tasks that a page shows: the newest."""


@dataclass(frozen=True)
class Arranged:
    """By when it is to be done, at what time, when somebody wants to be reminded, and by whom: none is whoever has the case."""

    due_on: date
    due_at: time | None = None
    remind_on: date | None = None
    person_id: int | None = None


def arranged_of(task: Any) -> Arranged:
    """Of a task, or of a row of one."""
    return Arranged(task.due_on, task.due_at, task.remind_on, task.person_id)


def version_of(task: Any) -> str:
    """What a page was made of, when it is sent back with another day."""
    at: datetime | None = task.changed_at
    return at.isoformat() if at else ""


def fault_of(arranged: Arranged, today: date, *, was: Arranged | None = None) -> Mapping[str, str]:
    """What cannot be, by field. A day that has passed may stay, and may not be chosen."""
    faults = {}
    if arranged.due_on < today and (was is None or arranged.due_on != was.due_on):
        faults["due_on"] = "Choose today or a later day; what was done already is recorded instead"
    if arranged.remind_on and arranged.remind_on > arranged.due_on:
        faults["remind_on"] = "Choose a day before it is due, or leave it empty"
    return faults
