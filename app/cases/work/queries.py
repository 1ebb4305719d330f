"""What somebody may have to do today, in one statement: their own cases with the tasks that are due, and for a lead what nobody
has, what they are to do on others' cases, and what they were told of and have not looked at."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Date, and_, bindparam, exists, func, literal, or_, select, union
from sqlalchemy.orm import aliased

from app.cases import policy
from app.cases.absences.queries import is_worse_by_marks, is_worse_since
from app.cases.assignment.rules import GIVEN
from app.cases.entries import Entry
from app.cases.listing import ORDER, PAGE, SHOWN, near
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status
from app.cases.naming import is_at_service
from app.cases.pauses.queries import is_to_be_reviewed
from app.cases.plans.models import Plan
from app.cases.plans.queries import reviewed_on
from app.cases.queries import CaseHead
from app.cases.safety.rules import ADDED as SAFETY_ADDED
from app.cases.sharing import shared_by_service
from app.cases.statuses.reasons import SIXTEEN
from app.cases.tasks.models import Task
from app.cases.transfers.rules import ASKED, REFUSED
from app.cases.updates.rules import LONG_SILENT
from app.cases.work.models import OF_OTHERS
from app.cases.work.rules import WORKED, Line, ToDo, lines_of
from app.cases.work.waiting import all_waiting
from app.core import clock
from app.core.db import NOW, TODAY, AnyRow, AnySelect, db
from app.core.events import Outbox
from app.core.figures import the_figures
from app.core.seen import THE_CASE, ViewLog
from app.core.unread import is_unread
from app.people.models import Person, Role
from app.people.queries import Actor
from app.people.shapes import HERE, ME, asked_by, like
from app.students.models import Student
from app.students.queries import cases_wait_until

MOST_TOLD = 100
"""Of whoever never looks, as of what is counted as unread."""
HORIZON = timedelta(days=14)
"""However many holidays there are, the next working day is nearer."""
GIVEN_ALONE = ("case.assigned",)
TOLD = {
    "added_at": ("comment.added", "referral.joined", SAFETY_ADDED),
    "transfer_asked_at": (ASKED, REFUSED),
    "long_silent_at": (LONG_SILENT,),
}
"""Since when somebody has been told of such a thing, and has not opened the case."""
Named = aliased(CasePerson)
UNTIL: Any = bindparam("until", type_=Date)
SIXTEEN_AT: Any = bindparam("sixteen", type_=Date)
SIXTEEN_LATER: Any = bindparam("later", type_=Date)
YOUNGER = timedelta(days=15 * 365)
"""Certainly not fifteen and a half yet."""
_IS_DUE = (Task.organisation_id == HERE, Task.ended_at.is_(None), or_(Task.due_on <= UNTIL, Task.remind_on <= TODAY))

_OF_TASK: tuple[Any, ...] = (
    Task.public_id.label("task_public_id"),
    Task.what.label("task_what"),
    Task.due_on.label("task_due_on"),
    Task.due_at.label("task_due_at"),
    Task.remind_on.label("task_remind_on"),
    Task.person_id.label("task_person_id"),
    Person.name.label("task_person_name"),
)
"""As a `ToDo` has them."""


def work_for(actor: Actor) -> list[Line]:
    """What there is to do for this person, in order, and why (P2)."""
    today = clock.today()
    asked = asked_by(actor, until=today + HORIZON, sixteen=sixteen_on(today), later=today - YOUNGER)
    rows = db.session.execute(_work(like(actor)), asked).all()
    by_case = groupby(rows, key=lambda row: row.case_id)
    found = [(CaseHead(some[0]), _to_do(some)) for some in (list(group) for _, group in by_case)]
    return lines_of(found, me=actor.person_id, silent_days=the_figures().silent_days, today=today)


def sixteen_on(day: date) -> date:
    """When they were born who turn sixteen that day."""
    return clock.add_months(day, -12 * SIXTEEN)


def _to_do(rows: Sequence[AnyRow]) -> list[ToDo]:
    return [ToDo(*row[-len(_OF_TASK) :]) for row in rows if row.task_public_id]


@cache
def _work(actor: Actor) -> AnySelect:
    found = _cases(actor)
    of_case = and_(Task.case_id == Case.id, *_IS_DUE)
    return (
        SHOWN.add_columns(*_standing(actor), *_OF_TASK)
        .join(found, found.c.id == Case.id)
        .outerjoin(Task, of_case)
        .outerjoin(Person, Person.id == Task.person_id)
        .where(is_at_service(actor), Case.status != Status.CLOSED)
        .order_by(Case.id, Task.id)
    )


def _cases(actor: Actor) -> Any:
    """Ids of the cases that may give a line, each kind from its own index: their own; a lead's also those of others that wait for
    them."""
    own = select(Case.id).where(near(actor, is_mine=True))
    if actor.role is not Role.WORKFLOW_LEAD:
        return own.subquery()
    mine = select(Task.case_id).where(Task.person_id == ME, *_IS_DUE)
    told = select(Outbox.case_id).where(*_unread(actor), OF_OTHERS).limit(MOST_TOLD)
    paused = select(Case.id).where(is_at_service(actor), is_to_be_reviewed())
    queued, left = (
        select(select(Case.id).where(is_at_service(actor), *which).order_by(*ORDER).limit(PAGE + 1).subquery())
        for which in ((Case.status == Status.QUEUE,), (Case.status.in_(WORKED), Case.manager_id.is_(None)))
    )
    asked = (waiting.cases for waiting in all_waiting())
    return union(own, mine, paused, select(told.subquery()), queued, left, *asked).subquery()


def _standing(actor: Actor) -> list[Any]:
    """How each stands for this person."""
    shared = select(func.max(Entry.opens_at)).where(Entry.case_id == Case.id, *shared_by_service())
    return [
        _safety_review_on(),
        Case.engaged_on,
        reviewed_on().label("plan_review_on"),
        Case.status_at,
        Case.expected_end_on,
        *(Case.pause_until, Case.pause_reason),
        is_worse_since().label("worse_told_on"),
        is_worse_by_marks().label("worse_marked_at"),
        policy.is_own(actor).label("is_own"),
        cases_wait_until(Case.student_id).label("new_school_from"),
        shared.correlate(Case).scalar_subquery().label("shared_at"),
        _planned_at().label("planned_at"),
        func.coalesce(_told_at(actor, GIVEN_ALONE), _given_together_at(actor)).label("given_at"),
        *(_told_at(actor, events).label(name) for name, events in TOLD.items()),
        *(waiting.since(actor).label(waiting.name) for waiting in all_waiting()),
    ]


def _safety_review_on() -> Any:
    """The first day on which a note that is still true was to be looked at again, where that has passed."""
    true_still = (SafetyNote.case_id == Case.id, SafetyNote.ended_at.is_(None), SafetyNote.review_by < TODAY)
    first = select(func.min(SafetyNote.review_by)).where(*true_still)
    return first.correlate(Case).scalar_subquery().label("safety_review_on")


def _planned_at() -> Any:
    """When the plan of a student who turns sixteen before long was changed or reviewed last; of others nobody asks."""
    turns = Student.born_on.between(SIXTEEN_AT, SIXTEEN_LATER)
    newest = select(func.max(Plan.made_at)).where(Plan.case_id == Case.id, turns)
    return newest.correlate(Case, Student).scalar_subquery()


def _told_at(actor: Actor, events: Sequence[str]) -> Any:
    told = select(func.min(Outbox.made_at)).where(*_unread(actor), Outbox.case_id == Case.id, Outbox.event.in_(events))
    return told.correlate(Case).scalar_subquery()


def _given_together_at(actor: Actor) -> Any:
    """The same of a case that came with others, of which they were told at once, at that very moment: while they have not opened
    it."""
    looks = (ViewLog.case_id == Named.case_id, ViewLog.person_id == ME, ViewLog.page == THE_CASE)
    opened = exists().where(*looks, ViewLog.at >= Named.since)
    named = (Named.case_id == Case.id, Named.part == Part.MANAGER, Named.person_id == ME)
    of_several = (*_unread(actor), Outbox.case_id.is_(None), Outbox.event == GIVEN)
    told = select(func.min(Outbox.made_at)).join(Named, Named.since == Outbox.made_at).where(*named, *of_several)
    return told.where(~opened).correlate(Case).scalar_subquery()


def _unread(actor: Actor) -> tuple[Any, ...]:
    return is_unread(actor.person_id, actor.organisation_id, literal(str(actor.role)), NOW)
