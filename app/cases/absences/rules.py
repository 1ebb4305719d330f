"""Since when the days absent of a case in transition are compared with those before (CASE-4)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.attendance.rules import Compared
from app.calendars.school_terms import term_at
from app.calendars.working_days import weekday_and_date
from app.cases.models import Status
from app.cases.rules import Standing
from app.core import clock

WORSE = "transition.attendance_worse"
AGAIN, NO_LONGER = "transition.attendance_worse_again", "transition.attendance_not_worse"
"""By marks: these tell nobody."""


@dataclass(frozen=True)
class MarksOf:
    """The marks of a school, as the log names them."""

    id: int
    __tablename__: ClassVar[str] = "organisation"


def compared_since(case: Standing) -> date | None:
    """The day on which the transition began; None of a case that is not in transition."""
    return clock.nz(case.status_at).date() if case.status is Status.TRANSITION else None


def is_told_later(told_until: date | None, by_marks: Compared) -> bool:
    """Is what was told last of a later term than the newest marks? Of one term they hold (ATT-2)."""
    told, marked = (term_at(day) if day else None for day in (told_until, by_marks.told_on))
    return told is not None and marked is not None and told.code > marked.code


def signal_of(compared: Compared, *, stands: bool, stood_before: bool) -> str:
    """What marks say now that was not said yet: the event, or nothing. Worse is told once in a transition; what changes back, and
    back again, is recorded alone."""
    if compared.is_worse is stands:
        return ""
    if not compared.is_worse:
        return NO_LONGER
    return AGAIN if stood_before else WORSE


def worse_said(told_on: date | None, marked_at: datetime | None) -> tuple[date, str] | None:
    """Since when it stands that there are more days absent, and who says so: the marks, or whoever told it."""
    if marked_at:
        day = clock.nz(marked_at).date()
        return day, f"by the school’s marks, as counted on {weekday_and_date(day)}"
    return (told_on, f"as told on {weekday_and_date(told_on)}") if told_on else None
