"""Who may put two records side by side, and who decides (`permissions.md`, "merge duplicates")."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select

from app.cases.models import Case
from app.cases.naming import is_at_service
from app.cases.policy import is_own, visible
from app.people.models import Role
from app.people.queries import Actor
from app.students.records.models import MergeState, StudentMerge
from app.students.records.queries import is_by_match


def proposes(actor: Actor) -> bool:
    """Investigators will, once they have pages."""
    return actor.role in {Role.WORKFLOW_LEAD, Role.CASE_MANAGER}


def sees_case(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: this person works it."""
    ours = and_(visible(actor), is_at_service(actor))
    return and_(ours, is_own(actor)) if actor.role is Role.CASE_MANAGER else ours


def theirs(actor: Actor) -> Any:
    """The students of the cases that this person works: a record that only another service has is nowhere here."""
    return select(Case.student_id).where(sees_case(actor))


def merges(actor: Actor) -> ColumnElement[bool]:
    """A clause on StudentMerge: this person works cases of both records; where they became one, of that. A likely match that
    was confirmed is none of these: there is nothing to decide about it any more."""
    if not proposes(actor):
        return false()
    is_one = StudentMerge.state == MergeState.CONFIRMED
    works = and_(StudentMerge.into_id.in_(theirs(actor)), or_(is_one, StudentMerge.from_id.in_(theirs(actor))))
    return and_(StudentMerge.organisation_id == actor.organisation_id, works, ~is_by_match())


def can_compare(actor: Actor, pair: object) -> bool:
    """Whoever works the cases of both may look at them side by side."""
    return True


def can_see_merge(actor: Actor, merge: object) -> bool:
    """Whoever could load it through `merges` may see it."""
    return True


def can_decide(actor: Actor, merge: Any) -> bool:
    """A workflow lead decides, and not the one who proposed it, unless the service has no other lead."""
    is_second = merge.proposed_by_id != actor.person_id or merge.has_one_lead
    return actor.role is Role.WORKFLOW_LEAD and is_second


def can_undo(actor: Actor, merge: Any) -> bool:
    """A workflow lead brings the two records apart again, while there is time for it."""
    return actor.role is Role.WORKFLOW_LEAD and merge.state is MergeState.CONFIRMED and bool(merge.can_be_undone)
