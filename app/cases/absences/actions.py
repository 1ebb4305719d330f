"""Days absent are told for a case; where there are more of them since the transition began, its manager learns of it (CASE-4)."""

from app.attendance.actions import state_absences
from app.attendance.models import AbsenceStatement
from app.attendance.rules import Absences
from app.cases.absences import tells  # noqa: F401  (registers whom this event tells)
from app.cases.absences.queries import compared_for
from app.cases.absences.rules import WORSE
from app.cases.queries import CaseHead
from app.core import events


def tell_absences(head: CaseHead, told: Absences, *, school_id: int, by: events.By) -> AbsenceStatement:
    """Of one school, in the place of what was told of it before. Each statement tells once."""
    statement = state_absences(head, told, by=by, school_id=school_id)
    compared = compared_for(head, school_id)
    if compared and compared.is_worse:
        events.record(WORSE, by=by, on=statement, about=head)
    return statement
