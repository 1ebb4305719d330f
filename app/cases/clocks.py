"""When the clocks of a Case stopped, as far as somebody may know: a figure tells no more than the timeline does."""

from typing import Any

from sqlalchemy import and_, case, func, null, select, tuple_

from app.cases import policy
from app.cases.counting import ENGAGEMENT, SCHOOL_MEETING, counting
from app.cases.entries import Entry, Meeting
from app.cases.models import Case
from app.cases.naming import is_at_service
from app.core.db import AnySelect
from app.people.models import Kind, Role
from app.people.queries import Actor


def met_on(actor: Actor) -> Any:
    """Of a Case: the day of the first meeting with the school that counts (CASE-8). Of those that the service lets its school
    know of (SHARE-1); at the service of those that this person may read (SHARE-3)."""
    return _first(actor, SCHOOL_MEETING, Meeting.with_school)


def as_known(cases: AnySelect, actor: Actor) -> AnySelect:
    """Cases with the days on which their clocks stopped. To a case manager who is not named on one, or not any more, a
    restricted event is none of them."""
    if actor.role is not Role.CASE_MANAGER:
        return cases
    reads_all = and_(is_at_service(actor), policy.is_own(actor))
    known = {"met_school_on": met_on(actor), "engaged_on": _engaged_on(actor)}
    shown = [
        case((reads_all, column), else_=known[column.key]).label(column.key) if column.key in known else column
        for column in cases.selected_columns
    ]
    return cases.with_only_columns(*shown)


def _engaged_on(actor: Actor) -> Any:
    """By when the student and a caregiver had both been met."""
    student, caregiver = (_first(actor, ENGAGEMENT, whom) for whom in (Meeting.with_student, Meeting.with_caregiver))
    return case((student.is_(None), null()), (student >= caregiver, student), else_=caregiver)


def _first(actor: Actor, clock_column: str, whom: Any) -> Any:
    counts = tuple_(Meeting.kind, Meeting.mode).in_(sorted(counting(clock_column)))
    done = (Meeting.is_done, whom, Meeting.happened_on >= Case.service_started_on, counts)
    may_know = policy.listed(actor) if actor.organisation_kind is Kind.SCHOOL else policy.readable(actor)
    known = (Entry.retracted_at.is_(None), Entry.organisation_id == Case.service_id, may_know)
    first = select(func.min(Meeting.happened_on)).join(Entry, Entry.id == Meeting.entry_id)
    return first.where(Meeting.case_id == Case.id, *done, *known).correlate(Case).scalar_subquery()
