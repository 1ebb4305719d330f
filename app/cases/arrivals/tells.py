"""The case manager is told to look through what is shared before the new school reads it."""

from collections.abc import Iterable

from app.cases.arrivals.rules import ARRIVED, REVIEW
from app.cases.models import Case
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told


@events.tells(ARRIVED)
def student_arrived(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    return told_of(case.id, REVIEW, by=by)
