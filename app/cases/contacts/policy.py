"""Who names a case's contacts (CASE-3)."""

from app.cases.models import Status
from app.cases.policy import SeenCase, can_change
from app.people.models import Kind
from app.people.queries import Actor


def can_name_contacts(actor: Actor, case: SeenCase) -> bool:
    """Its contacts, the school's leads and office, and whoever works the case name its contacts, while it is not closed."""
    if actor.organisation_kind is Kind.SCHOOL:
        return case.status is not Status.CLOSED
    return can_change(actor, case)


def can_cover(actor: Actor, case: SeenCase) -> bool:
    """Only the school says who stands in for its contact, while the case is not closed."""
    return actor.organisation_kind is Kind.SCHOOL and case.status is not Status.CLOSED
