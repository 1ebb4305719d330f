"""Whose calendar an address is, and what stands in it: what that person is to do, of cases that they may see now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.cases import policy
from app.cases.diary.models import CalendarFeed
from app.cases.diary.rules import ACTION, COVER_BEGINS, COVER_ENDS, KEPT_FOR, MOST, REVIEW, Planned, planned
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import is_at_service
from app.cases.plans.models import GoalState, Plan, PlanAction, PlanGoal
from app.cases.tasks.models import Task
from app.core import clock
from app.core.db import AnyRow, db
from app.core.security import digest
from app.people.models import Kind, Organisation, Person, Role, RoleHeld
from app.people.queries import Actor

Cover = aliased(CasePerson)
A_MOMENT = timedelta(microseconds=1)
"""Cover lasts to the end of its last day."""


@dataclass(frozen=True)
class Feed:
    """A calendar, and the person in the role whose it is."""

    id: int
    read_at: datetime | None
    actor: Actor


def feed_behind(token: str) -> Feed | None:
    """The calendar at this address, while it has not ended and its person holds the role; nothing says why there is none."""
    statement = (
        select(
            *(CalendarFeed.id, CalendarFeed.read_at, Person.id.label("person_id"), Person.public_id, Person.name),
            *(Person.email, RoleHeld.role, RoleHeld.id.label("role_held_id"), Organisation.id.label("here")),
            *(Organisation.name.label("at"), Organisation.kind, Organisation.case_managers_see_cases),
        )
        .join(RoleHeld, RoleHeld.id == CalendarFeed.role_held_id)
        .join(Person, Person.id == RoleHeld.person_id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(CalendarFeed.token_digest == digest(token), CalendarFeed.ended_at.is_(None))
        .where(RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
    )
    row = db.session.execute(statement).first()
    return Feed(row.id, row.read_at, _actor(row)) if row else None


def feed_of(actor: Actor) -> AnyRow | None:
    """Since when this person has a calendar in this role, and when one last asked."""
    statement = select(CalendarFeed.made_at, CalendarFeed.read_at)
    mine = (CalendarFeed.role_held_id == actor.role_held_id, CalendarFeed.ended_at.is_(None))
    return db.session.execute(statement.where(*mine)).first()


def planned_for(actor: Actor) -> list[Planned]:
    """What this person is to do, or to know the day of, on cases that they may see now; the earliest first."""
    if actor.organisation_kind is not Kind.SCHOOL:
        return _tasks(actor)
    since = clock.today() - KEPT_FOR
    near = [each for each in (*_of_plans(actor), *_of_covers(actor)) if each.day >= since]
    return sorted(near, key=lambda each: (each.day, each.key))[:MOST]


def _tasks(actor: Actor) -> list[Planned]:
    """Open tasks that are this person's: given to them, or of a case that they have and given to nobody else; those for which a
    meeting was agreed by its kind."""
    open_ones = (Task.organisation_id == actor.organisation_id, Task.ended_at.is_(None))
    is_near = Task.due_on >= clock.today() - KEPT_FOR
    has_case = and_(Task.person_id.is_(None), policy.is_own(actor)) if actor.role is Role.CASE_MANAGER else None
    whose = Task.person_id == actor.person_id
    mine = whose if has_case is None else or_(whose, has_case)
    changed_at = func.coalesce(Task.changed_at, Task.made_at).label("changed_at")
    statement = (
        select(Task.public_id, Case.number, Task.meeting_kind, Task.due_on, Task.due_at, changed_at)
        .join(Case, Case.id == Task.case_id)
        .where(*open_ones, is_near, mine, Case.status != Status.CLOSED, is_at_service(actor), policy.visible(actor))
        .order_by(Task.due_on, Task.id)
        .limit(MOST)
    )
    rows: Sequence[Any] = db.session.execute(statement).all()
    return [Planned(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]


def _of_plans(actor: Actor) -> Iterator[Planned]:
    """Of the plan that a contact reads: each action of an open goal that is still to be done by a day, and the next review."""
    newest = select(func.max(Plan.number)).where(Plan.case_id == Case.id).correlate(Case).scalar_subquery()
    is_open = and_(PlanGoal.plan_id == Plan.id, PlanGoal.state == GoalState.OPEN)
    to_do = and_(PlanAction.goal_id == PlanGoal.id, PlanAction.by_on.is_not(None), PlanAction.done_on.is_(None))
    statement = (
        select(Plan.id, Case.number, Plan.review_on, Plan.made_at, PlanAction.by_on, PlanAction.id.label("action_id"))
        .join(Case, Case.id == Plan.case_id)
        .outerjoin(PlanGoal, is_open)
        .outerjoin(PlanAction, to_do)
        .where(*_named_on(actor), Plan.is_shared.is_(True), Plan.number == newest)
    )
    reviews: dict[int, Planned] = {}
    for row in db.session.execute(statement):
        reviews[row.id] = planned(f"review {row.id}", row.review_on, row.made_at, REVIEW, row.number)
        if row.action_id:
            yield planned(f"action {row.action_id}", row.by_on, row.made_at, ACTION, row.number)
    yield from reviews.values()


def _of_covers(actor: Actor) -> Iterator[Planned]:
    """When somebody begins to stand in for a contact, and on which day they do so last."""
    statement = select(Cover.id, Case.number, Cover.since, Cover.until).join(Case, Case.id == Cover.case_id)
    statement = statement.where(*_named_on(actor))
    covers = (Cover.part == Part.COVER, Cover.organisation_id == actor.organisation_id)
    is_near = (Cover.until > clock.begin_of(clock.today() - KEPT_FOR), Cover.until > Cover.since)
    for row in db.session.execute(statement.where(*covers, *is_near)):
        begins, last = clock.nz(row.since).date(), clock.nz(row.until - A_MOMENT).date()
        yield planned(f"cover {row.id} begins", begins, row.since, COVER_BEGINS, row.number)
        yield planned(f"cover {row.id} ends", last, row.since, COVER_ENDS, row.number)


def _named_on(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Clauses on Case: the calendar is of one's own cases, also of somebody who may see all of the school's."""
    return Case.status != Status.CLOSED, policy.is_own(actor), policy.visible(actor)


def _actor(row: AnyRow) -> Actor:
    return Actor(
        row.person_id,
        row.public_id,
        row.name,
        row.email,
        row.role,
        row.role_held_id,
        row.here,
        row.at,
        row.kind,
        sees_service_cases=row.case_managers_see_cases and row.role is Role.CASE_MANAGER,
    )
