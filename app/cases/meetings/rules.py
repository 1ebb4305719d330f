"""What an event may be, for which clock it counts, and what is said of it (CASE-8, CASE-12)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any, NamedTuple, Protocol

from app.calendars.working_days import working_days_between
from app.cases.counting import ENGAGEMENT, EVENT_KINDS, SCHOOL_MEETING, counting
from app.core import clock
from app.core.lists import is_valid_on, rows

MODES = {
    "in_person": "In person",
    "video": "By video",
    "phone": "By phone",
    "text": "By text message",
    "email": "By e-mail",
    "letter": "By letter",
}
LIST = {
    "background": "Background",
    "attendance": "Attendance, and what was tried",
    "context": "What is going on for student and whānau",
    "barriers": "What gets in the way",
    "helped": "What has helped",
    "safety": "Safety",
    "agencies": "Other agencies",
    "health": "Health, where relevant",
}
"""Of a first meeting with the school or the whānau (CASE-13)."""
NOON = time(12)
TO_COME = "This is still to come. When it is agreed and not done yet, write it as the next step"
OTHER_MODE = "“{kind}” is not {mode}. Choose another kind, or how it was done"


@dataclass(frozen=True)
class EventKind:
    """A row of `lists/event_kinds.csv`."""

    code: str
    label: str
    modes: tuple[str, ...]
    is_agency_work: bool


class Met(Protocol):
    """What a clock asks of a done event."""

    @property
    def kind(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def happened_on(self) -> date: ...
    @property
    def with_school(self) -> bool: ...
    @property
    def with_student(self) -> bool: ...
    @property
    def with_caregiver(self) -> bool: ...


class Clocks(NamedTuple):
    """The days on which the contract's clocks stopped; None while they run (CASE-8)."""

    met_school_on: date | None
    engaged_on: date | None


@dataclass(frozen=True)
class Said:
    """What somebody says of an event. A next step has a day."""

    kind: str
    is_done: bool
    happened_on: date
    with_school: bool = False
    with_student: bool = False
    with_caregiver: bool = False
    with_others: str = ""
    mode: str = ""
    began_at: time | None = None
    done_by: str = ""
    next_step: str = ""
    next_on: date | None = None
    is_hidden: bool = False
    """The school sees not even kind and day (SHARE-1)."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """Of the list of a first meeting (CASE-13)."""

    @property
    def is_kept_from_school(self) -> bool:
        """Kind and day too (SHARE-1)."""
        return self.is_hidden or kinds()[self.kind].is_agency_work


@cache
def kinds() -> Mapping[str, EventKind]:
    return {
        row["kind"]: EventKind(row["kind"], row["label"], tuple(row["modes"].split("|")), row["agency_work"] == "yes")
        for row in rows(EVENT_KINDS)
    }


def kinds_on(day: date) -> list[EventKind]:
    """Those that can be chosen."""
    return [kinds()[row["kind"]] for row in rows(EVENT_KINDS) if is_valid_on(row, day)]


def clocks_of(done: Iterable[Met]) -> Clocks:
    """Of what was done since the clocks began: the first meeting with the school, and the day by which the student and a
    caregiver had both been met, at once or one after the other."""
    met = list(done)
    school = _first(each for each in met if each.with_school and _counts(each, SCHOOL_MEETING))
    engaging = [each for each in met if _counts(each, ENGAGEMENT)]
    student = _first(each for each in engaging if each.with_student)
    caregiver = _first(each for each in engaging if each.with_caregiver)
    return Clocks(school, max(student, caregiver) if student and caregiver else None)


def fault_of(said: Said, *, now: datetime, closed_on: date | None = None) -> dict[str, str]:
    """What cannot be, by its field, with the remedy."""
    faults = {}
    if fault := _fault_of_day(said, clock.nz(now), closed_on):
        faults["other_day"] = fault
    kind = kinds()[said.kind]
    if said.mode and said.mode not in kind.modes:
        faults["mode"] = OTHER_MODE.format(kind=kind.label, mode=MODES[said.mode].lower())
    if said.next_step and not said.next_on:
        faults["next_on"] = "Say by when, so that it stands among the tasks"
    if said.next_on and not said.next_step:
        faults["next_step"] = "Say what is to be done by then, or take the day away"
    if said.next_on and said.next_on < clock.nz(now).date():
        faults["next_on"] = "That day has passed. Choose a day from today on"
    return faults


def mode_of(said: Said) -> str:
    """How it was done; of a kind that is done in one way only, that one."""
    only = kinds()[said.kind].modes
    return only[0] if len(only) == 1 else said.mode


def happened_at(said: Said, now: datetime) -> datetime:
    """Where it stands on the timeline: without a time, now where it was today, else in the middle of its day."""
    if said.began_at is None and said.happened_on == clock.nz(now).date():
        return now
    return datetime.combine(said.happened_on, said.began_at or NOON, clock.PACIFIC_AUCKLAND)


def days_late(happened_on: date, recorded_at: datetime, region: str) -> int:
    """How many working days later it was entered."""
    recorded_on = clock.nz(recorded_at).date()
    return working_days_between(min(happened_on, recorded_on), recorded_on, region)


def label_of(kind: str) -> str:
    return kinds()[kind].label if kind in kinds() else kind


def with_whom(event: Any) -> str:
    """In words: "the school, the student and Aunty Mere"."""
    named = {"the school": event.with_school, "the student": event.with_student, "a caregiver": event.with_caregiver}
    who = [words for words, is_there in named.items() if is_there]
    *first, last = [*who, event.with_others] if event.with_others else who
    return f"{', '.join(first)} and {last}" if first else last


def _first(met: Iterable[Met]) -> date | None:
    return min((each.happened_on for each in met), default=None)


def _counts(met: Met, clock_column: str) -> bool:
    return (met.kind, met.mode) in counting(clock_column)


def _fault_of_day(said: Said, now: datetime, closed_on: date | None) -> str:
    if said.happened_on > now.date() or (said.happened_on == now.date() and (said.began_at or time.min) > now.time()):
        return TO_COME
    if closed_on and said.happened_on > closed_on:
        return "The case was closed by then. Only what happened before can still be recorded"
    return ""
