"""Who may ask for an update (SHARE-4)."""

from app.cases.models import Status
from app.cases.queries import CaseHead
from app.people.models import Kind
from app.people.queries import Actor


def can_ask(actor: Actor, case: CaseHead) -> bool:
    """A school asks for an update on a case that a service has and that is not closed."""
    is_with_service = bool(case.service_id) and case.status is not Status.CLOSED
    return actor.organisation_kind is Kind.SCHOOL and is_with_service
