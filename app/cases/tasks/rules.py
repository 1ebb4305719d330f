"""What is said of a task, without asking the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.core import clock

ADDED, CHANGED, DONE, DROPPED = "task.added", "task.changed", "task.done", "task.dropped"
REOPENED, LEFT = "task.reopened", "task.left"
NOT_GIVEN = "What it came from was taken back."
"""Why a next step is dropped whose event was undone or retracted."""
LONGEST = 500
WITH_CASE = "The case was closed."
"""Why a task is dropped that was open then. Whoever opens the case again, and whoever has it where a request does, adds what is still
to be done: somebody else may have it by then, and what was agreed may hold no more."""
WENT_ON = "The case went to another service."
"""The same of one that was open then: what the next service is to do, it says itself."""
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


def agreed_by(task: Any, day: date) -> bool:
    """A meeting, call or visit was agreed, and written down by that day: what is planned later was not done by then."""
    return bool(task.meeting_kind) and clock.nz(task.made_at).date() <= day


def fitting(tasks: Iterable[Any], kind: str, day: date) -> list[Any]:
    """Which of these an event of this kind on this day may have done: what was due by then, else what is due next."""
    agreed = [task for task in tasks if task.meeting_kind == kind and agreed_by(task, day)]
    due = [task for task in agreed if task.due_on <= day]
    next_on = min((task.due_on for task in agreed), default=None)
    return due or [task for task in agreed if task.due_on == next_on]


def fault_of(arranged: Arranged, today: date, *, was: Arranged | None = None) -> Mapping[str, str]:
    """What cannot be, by field. A day that has passed may stay, and may not be chosen."""
    faults = {}
    if arranged.due_on < today and (was is None or arranged.due_on != was.due_on):
        faults["due_on"] = "Choose today or a later day; what was done already is recorded instead"
    if arranged.remind_on and arranged.remind_on > arranged.due_on:
        faults["remind_on"] = "Choose a day before it is due, or leave it empty"
    return faults
