"""Before a new school reads a case, its manager is told to look through what is shared; and the school that has it, where
nothing but somebody's word says that the student is at the other."""

from collections.abc import Iterable

from app.cases.arrivals.rules import REVIEW, SECOND_SCHOOL
from app.cases.models import Case
from app.cases.seeing import ARRIVED, SAID_THERE
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told


@events.tells(ARRIVED)
def student_arrived(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    return told_of(case.id, REVIEW, by=by)


@events.tells(SAID_THERE)
def student_said_elsewhere(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    """Whom the case's school names as its contact, and who leads attendance there: they may know better."""
    return [one for one in told_of(about.id, SECOND_SCHOOL, by=by) if one.organisation_id == case.school_id]
