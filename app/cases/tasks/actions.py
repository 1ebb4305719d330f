"""A task is given, arranged anew, done, or dropped with why (P2): each is kept, and nobody else learns of it."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select, update

from app.cases.queries import CaseHead
from app.cases.tasks.models import Task
from app.cases.tasks.queries import people_for
from app.cases.tasks.rules import ADDED, CHANGED, DONE, DROPPED, Arranged, arranged_of, version_of
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.security import public_id
from app.core.text import nfc
from app.people.queries import Actor

ENDED = "This task was ended meanwhile."
CHANGED_MEANWHILE = "Somebody arranged this task anew meanwhile."


def add_task(
    case: CaseHead, what: str, due_on: date, *, by: Actor, meeting_kind: str = "", person_id: int | None = None
) -> Task:
    """To be done by that day, by that person, or by whoever has the case. `meeting_kind` (`event_kinds.csv`) where a meeting was
    agreed: recording one of that kind completes it. Raises `Refused` for a person who does not work this case."""
    return give_task(case, what, Arranged(due_on, person_id=person_id), by=by, meeting_kind=meeting_kind)


def give_task(case: CaseHead, what: str, arranged: Arranged, *, by: Actor, meeting_kind: str = "") -> Task:
    """The same, with a time and a day to be reminded on."""
    _refuse_others(case, arranged.person_id)
    task = Task(
        public_id=public_id(),
        case_id=case.case_id,
        organisation_id=case.service_id or by.organisation_id,
        what=nfc(what),
        meeting_kind=meeting_kind,
        made_at=clock.now(),
        made_by_id=by.person_id,
        **asdict(arranged),
    )
    db.session.add(task)
    db.session.flush()
    events.record(ADDED, by=by, on=task, about=case)
    return task


def arrange_task(case: CaseHead, was: Any, arranged: Arranged, *, version: str, by: Actor) -> bool:
    """Another day, time, reminder or person than it `was` when it was read (a task, or a row of it). False where it stands so
    already; raises `Conflict` where it was ended, or arranged anew, since the page was loaded, and `Refused` for a person
    who does not work this case."""
    if was.ended_at:
        raise Conflict(ENDED)
    if arranged == arranged_of(was):
        return False
    if version != version_of(was):
        raise Conflict(CHANGED_MEANWHILE)
    if arranged.person_id != was.person_id:
        _refuse_others(case, arranged.person_id)
    as_it_was = (Task.id == was.id, Task.ended_at.is_(None), Task.changed_at.is_not_distinct_from(was.changed_at))
    anew = update(Task).where(*as_it_was).values(**asdict(arranged), changed_at=clock.now()).returning(Task)
    as_it_is = {"synchronize_session": False, "populate_existing": True}
    task = db.session.scalars(anew.execution_options(**as_it_is)).one_or_none()
    if task is None:
        raise Conflict(CHANGED_MEANWHILE)
    events.record(CHANGED, by=by, on=task, about=case)
    return True


def finish_task(case: CaseHead, task_id: int, *, by: Actor) -> bool:
    """Done. False where it was ended before."""
    task = _to_change(task_id)
    return _end(case, task, DONE, by=by)


def drop_task(case: CaseHead, task_id: int, why: str, *, by: Actor) -> bool:
    """Not to be done any more, and why. False where it was ended before."""
    task = _to_change(task_id)
    if not task.ended_at:
        task.dropped_why = nfc(why)
    return _end(case, task, DROPPED, by=by)


def complete_for(case: CaseHead, meeting_kind: str, meeting_id: int, *, by: Actor) -> None:
    """A meeting of this kind took place: whatever is open of that kind on the case is done by it."""
    if not meeting_kind:
        return
    agreed = (Task.case_id == case.case_id, Task.meeting_kind == meeting_kind, Task.ended_at.is_(None))
    for task in db.session.scalars(select(Task).where(*agreed).order_by(Task.id).with_for_update()).all():
        task.meeting_id = meeting_id
        _end(case, task, DONE, by=by)


def _to_change(task_id: int) -> Task:
    """As it stands now; nobody else changes it until the end of the transaction."""
    held = select(Task).where(Task.id == task_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _refuse_others(case: CaseHead, person_id: int | None) -> None:
    if person_id is not None and person_id not in {person.id for person in people_for(case)}:
        raise Refused("Only somebody who works this case can be given its tasks.")


def _end(case: CaseHead, task: Task, event: str, *, by: Actor) -> bool:
    if task.ended_at:
        return False
    task.ended_at, task.ended_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record(event, by=by, on=task, about=case)
    return True
