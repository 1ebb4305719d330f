"""Who sees and changes a student's record (`permissions.md`)."""

from app.cases.models import Status
from app.cases.policy import SeenCase, can_change, can_read_details
from app.people.models import Kind, Role
from app.people.queries import Actor


def can_read_student(actor: Actor, case: SeenCase) -> bool:
    """The student’s record is for the school, the case manager, their cover, and the workflow lead."""
    return actor.organisation_kind is Kind.SCHOOL or can_read_details(actor, case)


def can_change_student(actor: Actor, case: SeenCase) -> bool:
    """Only the school, the case manager, their cover, and the workflow lead change a student’s record, and only while the case is
    not closed."""
    is_open_at_school = actor.organisation_kind is Kind.SCHOOL and case.status is not Status.CLOSED
    return is_open_at_school or can_change(actor, case)


def can_record_enrolment(actor: Actor, case: SeenCase) -> bool:
    """Where a student is enrolled is recorded by attendance leads, office support, the case manager, their cover, and the workflow
    lead, while the case is not closed."""
    return can_change_student(actor, case) and actor.role is not Role.PRIMARY_CONTACT
