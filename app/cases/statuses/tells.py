"""Whom it tells that a case which was on hold goes on by itself."""

from collections.abc import Iterable

from app.cases.models import Case
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told

REOPENED = "case.reopened_by_itself"
LISTED = "paused_case_reopened"


@events.tells(REOPENED)
def reopened(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    """Who has it, and the leads."""
    return told_of(case.id, LISTED, by=by)
