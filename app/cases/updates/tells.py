"""Whom it tells that an update is wanted, or that nothing was shared for long."""

from collections.abc import Iterable

from app.cases.models import Case, Status, UpdateRequest
from app.cases.queries import CaseHead
from app.cases.tells import told_of
from app.cases.updates.rules import ASKED, LISTED, LONG_SILENT, SILENT
from app.core import events
from app.core.events import Told


@events.tells(ASKED)
def update_asked(asked: UpdateRequest, by: events.By, about: CaseHead) -> Iterable[Told]:
    """The case manager; in the queue the leads, as for whatever a school adds there."""
    is_queued = about.status is Status.QUEUE
    return told_of(asked.case_id, "school_added_in_queue" if is_queued else "update_asked", by=by)


@events.tells(SILENT)
def manager_reminded(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    return told_of(case.id, LISTED[SILENT], by=by)


@events.tells(LONG_SILENT)
def leads_reminded(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    return told_of(case.id, LISTED[LONG_SILENT], by=by)
