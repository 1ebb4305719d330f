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


def known_until(case: Standing) -> date | None:
    """The last day of which a service knows days absent: that on which its case was closed; None of any other."""
    return clock.nz(case.status_at).date() if case.status is Status.CLOSED else None


def compared_since(case: Standing) -> date | None:
    """The day on which the transition began; None of a case that is not in transition."""
    return clock.nz(case.status_at).date() if case.status is Status.TRANSITION else None
