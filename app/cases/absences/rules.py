"""Since when the days absent of a case in transition are compared with those before (CASE-4)."""

from datetime import date, datetime
from typing import Protocol

from app.cases.models import Status
from app.core import clock

WORSE = "transition.attendance_worse"


class Standing(Protocol):
    """Where a case stands, and since when."""

    @property
    def status(self) -> Status: ...
    @property
    def status_at(self) -> datetime: ...


def compared_since(case: Standing) -> date | None:
    """The day on which the transition began; None of a case that is not in transition."""
    return clock.nz(case.status_at).date() if case.status is Status.TRANSITION else None
