"""One caregiver of the student of a case that this person may see."""

from dataclasses import dataclass

from app.cases.heading import shows_also
from app.cases.models import Case
from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow
from app.people.queries import Actor
from app.students.caregivers.queries import unreachable_since
from app.students.queries import named_caregivers
from app.students.rules import CaregiverFacts, facts_of

shows_also(unreachable_since(Case.student_id).label("unreachable_since"))


@dataclass(frozen=True)
class CaregiverOfCase(OfCase):
    """A caregiver, and who said what is recorded."""

    caregiver: AnyRow
    named_by: str
    changed_by: str
    """Empty where nobody has changed what is recorded."""

    @property
    def facts(self) -> CaregiverFacts:
        return facts_of(self.caregiver)


def caregiver_for(actor: Actor, number: str, public_id: str) -> CaregiverOfCase | None:
    """Whether this person may see caregivers of the case is asked next."""
    head = case_for(actor, number)
    found = named_caregivers(head.student_id, public_id) if head else []
    return next((CaregiverOfCase(head, row, row.named_by, row.changed_by or "") for row in found if head), None)
