"""Since when something is there to be read, and when somebody last looked."""

from typing import Any

from sqlalchemy import case, func, select

from app.cases import policy
from app.cases.entries import Entry
from app.cases.models import Case
from app.core.seen import ViewLog
from app.people.queries import Actor
from app.people.shapes import HERE, ME


def last_opened(case_id: Any) -> Any:
    """When the person who asks last opened the case here (S6)."""
    opened = select(func.max(ViewLog.at)).where(ViewLog.case_id == case_id, ViewLog.page == "case")
    mine = opened.where(ViewLog.person_id == ME, ViewLog.organisation_id == HERE)
    return mine.correlate(Case).scalar_subquery()


def appeared(actor: Actor) -> Any:
    """Of an Entry: since when this person can read it. Its writer's organisation has it at once (SHARE-2)."""
    return case((policy.is_ours(actor), Entry.recorded_at), else_=Entry.opens_at)
