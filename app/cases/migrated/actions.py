"""A case from another system was looked at: it is as it should be (MEAS-5)."""

from app.cases.migrated.queries import migrated_to_change
from app.cases.migrated.rules import REVIEWED
from app.cases.models import Case
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db


def mark_reviewed(head: CaseHead, *, by: events.By) -> bool:
    """False where somebody said so before."""
    found = migrated_to_change(head.case_id)
    if found.reviewed_at:
        return False
    found.reviewed_at, found.reviewed_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record(REVIEWED, by=by, on=db.session.get_one(Case, head.case_id), about=head)
    return True
