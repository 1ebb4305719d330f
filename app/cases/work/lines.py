"""What a line of My work is, and why it stands where it does."""

from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum
from typing import Any

from app.cases.queries import CaseHead
from app.cases.rules import FirstMeeting
from app.cases.work.days import day_and_time


class Why(IntEnum):
    """Why a line stands where it does; the first comes first."""

    OVERDUE = 0
    TODAY = 1
    TOMORROW = 2
    """The next working day."""
    NOBODY = 3
    """Nobody has the case, and a working day has passed, or it is urgent."""
    TRANSFER = 4
    """Another service is asked for, or has refused."""
    PAUSE = 5
    """Somebody asks that a case be on hold (CASE-7)."""
    SIGNING = 6
    """A formal warning waits to be signed off (LET-2)."""
    ARRIVED = 7
    """A new school will see what is shared."""
    WORSE = 8
    """The student misses more school since the transition began (CASE-4)."""
    ASKED = 9
    """A school asked how it goes (SHARE-4)."""
    NEW = 10
    """Given to this person since they looked."""
    ADDED = 11
    """Something was added that they have not read."""
    SILENT = 12
    """Nothing was shared for long (SHARE-4)."""
    PLANNING = 13
    """The student turns sixteen before long (CASE-5)."""
    OTHERS = 14
    """Somebody else is to do it."""


@dataclass(frozen=True)
class Line:
    """One thing to do: on which case, what, why here; `day` orders lines of one reason, the earlier first."""

    case: CaseHead
    why: Why
    what: str
    reason: str
    day: date
    page: str = ""
    """Of the case: where it is done; none where that is the case itself."""
    meeting: FirstMeeting | None = None
    """Its reason is this clock, which shows its arithmetic."""

    @property
    def order(self) -> tuple[Any, ...]:
        return self.why, not self.case.is_urgent, self.day, self.case.case_id


@dataclass(frozen=True)
class ToDo:
    """A task as it stands in My work."""

    public_id: str
    what: str
    due_on: date
    due_at: time | None = None
    remind_on: date | None = None
    person_id: int | None = None
    person_name: str | None = None

    @property
    def due(self) -> str:
        return day_and_time(self.due_on, self.due_at)
