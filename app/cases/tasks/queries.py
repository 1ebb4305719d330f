"""Tasks of a case that this person may see, and who may be given one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.cases.heading import shows_also
from app.cases.models import Case, CasePerson, Status
from app.cases.naming import MANAGERS, in_force
from app.cases.queries import CaseHead, case_for
from app.cases.tasks.models import Task
from app.cases.tasks.rules import MOST_ENDED, WITH_CASE
from app.cases.timeline import OfCase
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Audit
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.shapes import HERE

Ender = aliased(Person)
_COLUMNS = (*Task.__table__.columns, Person.name.label("person_name"), Ender.name.label("ended_by"))


def _of_open(what: Any) -> Any:
    """Of the tasks of a Case that are open, for who asks."""
    is_open = (Task.case_id == Case.id, Task.organisation_id == HERE, Task.ended_at.is_(None))
    return select(what).where(*is_open).correlate(Case).scalar_subquery()


shows_also(_of_open(func.count()).label("open_tasks"))
shows_also(_of_open(func.min(Task.due_on)).label("next_task_on"))


@dataclass(frozen=True)
class TaskOfCase(OfCase):
    """A task, with the name of who is to do it (none: whoever has the case) and of who ended it, and the header of its case."""

    task: AnyRow


def open_tasks(actor: Actor, head: CaseHead) -> Sequence[AnyRow]:
    """What is to be done for this person's service, the earliest first."""
    of_case = _of_case(actor, head).where(Task.ended_at.is_(None))
    return db.session.execute(of_case.order_by(Task.due_on, Task.id)).all()


def ended_tasks(actor: Actor, head: CaseHead) -> Sequence[AnyRow]:
    """What was done or dropped, the newest first, and one more than are shown."""
    of_case = _of_case(actor, head).where(Task.ended_at.is_not(None))
    return db.session.execute(of_case.order_by(Task.ended_at.desc(), Task.id.desc()).limit(MOST_ENDED + 1)).all()


def task_for(actor: Actor, number: str, public_id: str) -> TaskOfCase | None:
    """One task; whether this person may see what is done on the case is asked next."""
    head = case_for(actor, number)
    row = db.session.execute(_of_case(actor, head).where(Task.public_id == public_id)).first() if head else None
    return TaskOfCase(head, row) if head and row else None


def people_for(head: CaseHead) -> Sequence[AnyRow]:
    """Who may be given a task of this case besides whoever has it: the leads of its service, and who is named on it there."""
    named = select(CasePerson.person_id).where(
        CasePerson.case_id == head.case_id, CasePerson.part.in_(MANAGERS), *in_force()
    )
    works = or_(
        RoleHeld.role == Role.WORKFLOW_LEAD, and_(RoleHeld.role == Role.CASE_MANAGER, RoleHeld.person_id.in_(named))
    )
    statement = select(Person.id, Person.public_id, Person.name).join(RoleHeld, RoleHeld.person_id == Person.id)
    here = (RoleHeld.organisation_id == head.service_id, RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
    return db.session.execute(statement.where(*here, works).distinct().order_by(Person.name, Person.id)).all()


def ended_with_case(actor: Actor, head: CaseHead) -> Sequence[AnyRow]:
    """What was still to be done when the case closed last."""
    then = (Task.dropped_why == WITH_CASE, Task.ended_at >= head.status_at)
    return db.session.execute(_of_case(actor, head).where(*then).order_by(Task.due_on, Task.id)).all()


def is_over() -> ColumnElement[bool]:
    """A clause on Task: open, of a case that is closed, or that its service has no more."""
    gone = or_(Case.status == Status.CLOSED, Case.service_id.is_distinct_from(Task.organisation_id))
    return and_(Task.ended_at.is_(None), exists().where(Case.id == Task.case_id, gone).correlate(Task))


def is_stranded() -> ColumnElement[bool]:
    """A clause on Task: open, and to be done by somebody who works the case no more, for the service that has it."""
    named = (
        exists()
        .where(
            *(CasePerson.case_id == Task.case_id, CasePerson.person_id == Task.person_id),
            *(CasePerson.organisation_id == Task.organisation_id, CasePerson.part.in_(MANAGERS), *in_force()),
        )
        .correlate(Task)
    )
    may = or_(RoleHeld.role == Role.WORKFLOW_LEAD, and_(RoleHeld.role == Role.CASE_MANAGER, named))
    held = (RoleHeld.person_id == Task.person_id, RoleHeld.organisation_id == Task.organisation_id)
    works = exists().where(*held, RoleHeld.ended_at.is_(None), may).correlate(Task)
    return and_(Task.ended_at.is_(None), Task.person_id.is_not(None), ~works)


def history_of(task: Any) -> Sequence[AnyRow]:
    """What became of it: event, when, by whom (none: by itself); the first thing first."""
    of_it = (Audit.case_id == task.case_id, Audit.thing == Task.__tablename__, Audit.thing_id == task.id)
    statement = select(Audit.event, Audit.at, Person.name).outerjoin(Person, Person.id == Audit.person_id)
    return db.session.execute(statement.where(*of_it).order_by(Audit.id)).all()


def _of_case(actor: Actor, head: CaseHead) -> AnySelect:
    """What one service is to do is not for the next one that has the case."""
    tasks: Any = select(*_COLUMNS).outerjoin(Person, Person.id == Task.person_id)
    tasks = tasks.outerjoin(Ender, Ender.id == Task.ended_by_id)
    found: AnySelect = tasks.where(Task.case_id == head.case_id, Task.organisation_id == actor.organisation_id)
    return found
