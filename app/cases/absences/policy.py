"""Who reads days absent, and who tells them (`permissions.md`, "Attendance")."""

from app.cases.models import Status
from app.cases.policy import SeenCase, can_see_as_school, can_work
from app.cases.queries import CaseHead
from app.people.models import Kind
from app.people.queries import Actor


def can_read_absences(actor: Actor, case: SeenCase) -> bool:
    """Days absent are for the school, and at the service for the case manager, their cover, and the workflow lead."""
    return actor.organisation_kind is Kind.SCHOOL or can_work(actor, case)


def can_tell_absences(actor: Actor, case: SeenCase) -> bool:
    """Days absent are told by the school, the case manager, their cover, and the workflow lead, while the case is not closed."""
    return can_read_absences(actor, case) and case.status is not Status.CLOSED


def can_see_its_absences(actor: Actor, case: CaseHead) -> bool:
    """Days absent, as the school reads them, are for the case manager, their cover, and the workflow lead."""
    return can_see_as_school(actor, case) and can_work(actor, case)
