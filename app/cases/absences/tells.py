"""Whom it tells that a student misses more school since the transition began."""

from collections.abc import Iterable
from typing import Any

from app.attendance.models import AbsenceStatement
from app.cases.absences.rules import WORSE
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told


@events.tells(WORSE)
def attendance_is_worse(statement: AbsenceStatement, by: events.By, about: Any) -> Iterable[Told]:
    """Who has the case, or stands in."""
    return told_of(about.id, "attendance_worse_in_transition", by=by)
