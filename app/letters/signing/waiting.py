"""What waits to be signed off stands in My work of the leads."""

from typing import Any

from sqlalchemy import func, null, or_, select, text

from app.cases.models import Case
from app.cases.work.lines import Why
from app.cases.work.waiting import Waiting, waits_for_leads
from app.letters.models import WAITS_FOR_SIGNING, Letter
from app.people.models import Role
from app.people.queries import Actor
from app.people.shapes import HERE, ME, count_of_leads

WAITS = (Letter.organisation_id == HERE, text(WAITS_FOR_SIGNING))
"""In the very words of the index: what SQLite is not told literally it does not find there."""


def signing_asked_at(actor: Actor) -> Any:
    """Since when a formal warning on a Case waits for this person, who leads the service and did not write it, or is its only
    lead."""
    if actor.role is not Role.WORKFLOW_LEAD:
        return null()
    is_other = (Letter.asked_by_id != ME) & (Letter.sign_asked_by_id != ME)
    first = select(func.min(Letter.sign_asked_at)).where(Letter.case_id == Case.id, *WAITS)
    return first.where(or_(is_other, count_of_leads(HERE) == 1)).correlate(Case).scalar_subquery()


waits_for_leads(
    Waiting(
        name="signing_asked_at",
        cases=select(Letter.case_id).where(*WAITS),
        since=signing_asked_at,
        why=Why.SIGNING,
        what="Sign a formal warning off, or send it back",
        said="It was asked for",
        page="letters/",
    )
)
