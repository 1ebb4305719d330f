"""A task is given, arranged anew, done, or dropped with why (P2): each is kept, and nobody else learns of it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select, update

from app.cases.entries import Entry, Meeting
from app.cases.files.tells import Itself
from app.cases.models import Case, Status
from app.cases.queries import CaseHead
from app.cases.standing import when_it_leaves
from app.cases.tasks.many import task_of
from app.cases.tasks.models import Task
from app.cases.tasks.queries import is_over, is_stranded, people_for
from app.cases.tasks.rules import (
    ADDED,
    CHANGED,
    DONE,
    DROPPED,
    LEFT,
    NOT_GIVEN,
    REOPENED,
    WENT_ON,
    WITH_CASE,
    Arranged,
    arranged_of,
    version_of,
)
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Happened
from app.core.noticing import look_then_tell
from app.core.text import nfc
from app.people.queries import Actor

ENDED = "This task was ended meanwhile."
CHANGED_MEANWHILE = "Somebody arranged this task anew meanwhile."
_AS_IT_IS: dict[str, Any] = {"synchronize_session": False, "populate_existing": True}


def add_task(
    case: CaseHead, what: str, due_on: date, *, by: Actor, meeting_kind: str = "", person_id: int | None = None
) -> Task:
    """To be done by that day, by that person, or by whoever has the case. `meeting_kind` (`event_kinds.csv`) where a meeting was
    agreed: recording that it took place completes it. Raises `Refused` for a person who does not work this case."""
    return give_task(case, what, Arranged(due_on, person_id=person_id), by=by, meeting_kind=meeting_kind)


def give_task(case: CaseHead, what: str, arranged: Arranged, *, by: Actor, meeting_kind: str = "") -> Task:
    """The same, with a time and a day to be reminded on."""
    _refuse_others(case, arranged.person_id)
    task = _new_task(case, what, arranged, by, meeting_kind=meeting_kind)
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
    task = db.session.scalars(anew.execution_options(**_AS_IT_IS)).one_or_none()
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


def complete(case: CaseHead, task_id: int, meeting_id: int, *, by: Actor) -> list[Happened]:
    """What was agreed took place: this one task of the case is done by it, and recorded with it, unless it was ended before."""
    this = (Task.id == task_id, Task.case_id == case.case_id, Task.ended_at.is_(None))
    ended = {"ended_at": clock.now(), "ended_by_id": by.person_id, "meeting_id": meeting_id}
    done = update(Task).where(*this).values(**ended).returning(Task)
    return [Happened(DONE, task, case) for task in db.session.scalars(done.execution_options(**_AS_IT_IS))]


def end_first(case: CaseHead, which: Any, why: str = "", *, by: Actor) -> list[Happened]:
    """The first that is open of those that a clause on Task names is done; or dropped, and why. To be recorded with what it comes
    from; one statement."""
    first = (
        select(Task.id).where(Task.case_id == case.case_id, which, Task.ended_at.is_(None)).order_by(Task.id).limit(1)
    )
    ended = {"ended_at": clock.now(), "ended_by_id": by.person_id, "dropped_why": nfc(why)}
    this = update(Task).where(Task.id == first.scalar_subquery(), Task.ended_at.is_(None)).values(**ended)
    tasks = db.session.scalars(this.returning(Task).execution_options(**_AS_IT_IS))
    return [Happened(DROPPED if why else DONE, task, case) for task in tasks]


def take_back_of(case: CaseHead, entry: Entry, *, by: Actor) -> int:
    """An event is no more: what it had done is to be done again, unless the case is closed by now, and the next step that came
    from it is not. How many are open again."""
    event = select(Meeting.id).where(Meeting.entry_id == entry.id)
    step = select(Meeting.next_step).where(Meeting.entry_id == entry.id, Meeting.next_step != "")
    given = (Task.made_at == entry.recorded_at, Task.made_by_id == entry.author_id, Task.ended_at.is_(None))
    of_it = or_(Task.meeting_id.in_(event), and_(*given, Task.what.in_(step)))
    found = select(Task).where(Task.case_id == case.case_id, of_it).order_by(Task.id).with_for_update()
    tasks = db.session.scalars(found.execution_options(populate_existing=True)).all()
    for task in tasks:
        if not task.ended_at:
            task.dropped_why = NOT_GIVEN
            _end(case, task, DROPPED, by=by)
    return sum(_reopen(case, task, by=by) for task in tasks if task.meeting_id and case.status is not Status.CLOSED)


def let_go(cases: Collection[Any], *, by: events.By) -> int:
    """Whoever was to do something on these by name, and works them no more: it is for whoever has the case. How many."""
    by_id = {case.id: case for case in cases}
    left = update(Task).where(Task.case_id.in_(by_id), is_stranded()).values(person_id=None, changed_at=clock.now())
    tasks = db.session.scalars(left.returning(Task).execution_options(**_AS_IT_IS)).all()
    events.record_all(*(Happened(LEFT, task, by_id[task.case_id]) for task in tasks), by=by)
    return len(tasks)


@when_it_leaves(Task.case_id, is_over())
def end_with_cases(cases: Sequence[Case], by: events.By) -> None:
    """They close, or go to another service, in one act: whatever was still to be done there ends, by whoever did that."""
    by_id = {case.id: case for case in cases}
    why = WITH_CASE if all(case.status is Status.CLOSED for case in cases) else WENT_ON
    ended = {"ended_at": clock.now(), "ended_by_id": by.person_id, "dropped_why": why}
    ending = update(Task).where(Task.case_id.in_(by_id), is_over()).values(**ended).returning(Task)
    tasks = db.session.scalars(ending.execution_options(**_AS_IT_IS)).all()
    events.record_all(*(Happened(DROPPED, task, by_id[task.case_id]) for task in tasks), by=by)


def tidy_tasks() -> int:
    """The same, however it came about: cover has ended by itself, a role was taken away; or somebody wrote a task down while
    somebody else closed the case, or gave it away."""
    over, stranded = (select(Task).where(which).order_by(Task.id) for which in (is_over(), is_stranded()))
    return look_then_tell(over, Task, _end_by_itself) + look_then_tell(stranded, Task, _let_go_by_itself)


def _end_by_itself(task: Task) -> None:
    end_with_cases([db.session.get_one(Case, task.case_id)], Itself(task.organisation_id))


def _let_go_by_itself(task: Task) -> None:
    let_go([db.session.get_one(Case, task.case_id)], by=Itself(task.organisation_id))


def _new_task(case: CaseHead, what: str, arranged: Arranged, by: Actor, **known: Any) -> Task:
    task = task_of(case, what, arranged, by, **known)
    db.session.add(task)
    db.session.flush()
    return task


def _to_change(task_id: int) -> Task:
    """As it stands now; nobody else changes it until the end of the transaction."""
    held = select(Task).where(Task.id == task_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def _refuse_others(case: CaseHead, person_id: int | None) -> None:
    if person_id is not None and person_id not in {person.id for person in people_for(case)}:
        raise Refused("Only somebody who works this case can be given its tasks.")


def _reopen(case: CaseHead, task: Task, *, by: Actor) -> bool:
    task.ended_at = task.ended_by_id = task.meeting_id = None
    task.changed_at = clock.now()
    db.session.flush()
    events.record(REOPENED, by=by, on=task, about=case)
    return True


def _end(case: CaseHead, task: Task, event: str, *, by: Actor) -> bool:
    if task.ended_at:
        return False
    task.ended_at, task.ended_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record(event, by=by, on=task, about=case)
    return True
