"""What a former school reads: nothing but what it put in itself, and not whether more has come since (CASE-10)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, true

from app.cases import policy
from app.cases.entries import Entry, EntryKind
from app.cases.models import Case
from app.cases.naming import reads_roll
from app.core.db import TODAY
from app.people.models import Kind, Role
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.students.models import Enrolment

WRITTEN = (EntryKind.REQUEST, EntryKind.COMMENT)


def left_here(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Clauses on Enrolment of a Case's student: it was at the actor's school, and is over."""
    return (
        Enrolment.student_id == Case.student_id,
        Enrolment.school_id == actor.organisation_id,
        Enrolment.to_on < TODAY,
    )


def kept(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry: the actor's school wrote it, and has not taken it back."""
    is_theirs = and_(policy.is_ours(actor), Entry.kind.in_(WRITTEN))
    return and_(is_theirs, policy.readable(actor))


def formerly_visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: the student has left the actor's school, which had put something in. Whether a primary contact
    was named on it by then is asked besides."""
    if actor.role not in ROLES_OF[Kind.SCHOOL]:
        return false()
    wrote = exists().where(Entry.case_id == Case.id, kept(actor))
    reads = true() if actor.role is Role.PRIMARY_CONTACT else reads_roll(actor)
    return and_(exists().where(*left_here(actor)), ~policy.enrolled_at(actor), wrote, reads)


def can_read_ours(actor: Actor, case: Any) -> bool:
    """Whoever could load it through `formerly_visible` may read what their school wrote."""
    return True
