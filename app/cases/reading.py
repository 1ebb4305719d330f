"""What is there to be read, since when, and when somebody last looked."""

from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from app.cases import policy
from app.cases.entries import Entry
from app.cases.models import Case, SafetyNote
from app.cases.naming import reads_on
from app.core.seen import ViewLog
from app.people.models import Kind, Role
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


def safety_listed(actor: Actor) -> ColumnElement[bool]:
    """A clause on SafetyNote of a visible case: it may be known that there is one, of which kind. By a colleague at the
    service too, who reads no more of it than that (`docs/decisions/0015`)."""
    if actor.role is not Role.CASE_MANAGER:
        return policy.safety_readable(actor)
    return or_(~reads_on(actor, SafetyNote.case_id), policy.safety_readable(actor))


def can_read_safety(actor: Actor, case: Any) -> bool:
    """Safety notes are for the case manager, their cover, and the workflow lead: ask one of them before you go there."""
    has_gone = case.service_id != actor.organisation_id
    return actor.organisation_kind is Kind.SCHOOL or policy.can_work(actor, case) or has_gone
