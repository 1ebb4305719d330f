"""Who writes safety notes (`permissions.md`)."""

from app.cases.models import Status
from app.cases.policy import SeenCase, can_work
from app.people.models import Kind
from app.people.queries import Actor


def can_note_safety(actor: Actor, case: SeenCase) -> bool:
    """Safety notes are written by the student’s school, the case manager, their cover, and the workflow lead, while the case is
    not closed."""
    return case.status is not Status.CLOSED and (actor.organisation_kind is Kind.SCHOOL or can_work(actor, case))
