"""The tasks of a case: given, arranged anew, done, dropped with why (P2)."""

from typing import TypeVar

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.meetings.rules import kinds
from app.cases.queries import CaseHead, case_for
from app.cases.tasks.actions import ENDED, arrange_task, drop_task, finish_task, give_task
from app.cases.tasks.queries import TaskOfCase, ended_tasks, history_of, open_tasks, people_for, task_for
from app.cases.tasks.rules import (
    ADDED,
    CHANGED,
    DONE,
    DROPPED,
    LEFT,
    MOST_ENDED,
    REOPENED,
    Arranged,
    arranged_of,
    fault_of,
    version_of,
)
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.task_form import ArrangedForm, DropForm, TaskForm

Shape = TypeVar("Shape", bound=ArrangedForm)
LOGGED = "tasks"
WORDS = {
    ADDED: "added it",
    CHANGED: "arranged it anew",
    DONE: "did it",
    DROPPED: "said that it is not needed any more",
    LEFT: "left it to whoever has the case",
    REOPENED: "took back what had done it, so it is open again",
}
WAS_ENDED = "This task was ended already. Nothing changed."


@bp.get("/cases/<number>/tasks")
@needs(policy.can_read_details, on=case_for, log=LOGGED)
def tasks(head: CaseHead) -> Response:
    """What is to be done, the earliest first; then what was done or dropped, the newest first."""
    ended = ended_tasks(g.actor, head)
    return show_case(
        "workspace/tasks.html",
        head=head,
        tasks=open_tasks(g.actor, head),
        ended=ended[:MOST_ENDED],
        has_more=len(ended) > MOST_ENDED,
        can_change=policy.can_change(g.actor, head),
        today=clock.today(),
        kinds=kinds(),
    )


@bp.get("/cases/<number>/tasks/new")
@needs(policy.can_change, on=case_for, log=LOGGED)
def new_task(head: CaseHead) -> Response:
    return _new(head, _offered(TaskForm(), head))


@bp.post("/cases/<number>/tasks/new")
@needs(policy.can_change, on=case_for)
def add_new_task(head: CaseHead) -> Response:
    form = _offered(TaskForm(request.form), head)
    arranged = _arranged(form)
    if arranged is None:
        return _new(head, form, status=422)
    give_task(head, form.text, arranged, by=g.actor, meeting_kind=form.kind)
    return done("The task was added. The school does not see it.", _list(head))


@bp.get("/cases/<number>/tasks/<public_id>")
@needs(policy.can_read_details, on=task_for, log=LOGGED)
def task(found: TaskOfCase) -> Response:
    """What it is and what became of it; while it is open, *done* and another day."""
    was = arranged_of(found.task)
    values = {"due_on": was.due_on, "due_at": was.due_at, "remind_on": was.remind_on}
    form = ArrangedForm(data={**values, "version": version_of(found.task)})
    form.offer(found.head, people_for(found.head) if _is_open(found) else ())
    form.person.data = next((public_id for public_id, each in form.ids.items() if each == was.person_id), "")
    return _one(found, form)


@bp.post("/cases/<number>/tasks/<public_id>")
@needs(policy.can_change, on=task_for)
def set_task(found: TaskOfCase) -> Response:
    """Another day, time, reminder or person."""
    form = _offered(ArrangedForm(request.form), found.head)
    arranged = _arranged(form, was=arranged_of(found.task))
    if arranged is None:
        return _one(found, form, status=422)
    version = form.version.data or ""
    try:
        is_new = arrange_task(found.head, found.task, arranged, version=version, by=g.actor)
    except Conflict as conflict:
        if str(conflict) == ENDED:
            raise
        return _meanwhile(found, form, str(conflict))
    return done("Saved." if is_new else "It says that already. Nothing changed.", _list(found.head))


@bp.post("/cases/<number>/tasks/<public_id>/done")
@needs(policy.can_change, on=task_for)
def finish(found: TaskOfCase) -> Response:
    is_new = finish_task(found.head, found.task.id, by=g.actor)
    return done("Done. What it was is kept." if is_new else WAS_ENDED, _list(found.head))


@bp.get("/cases/<number>/tasks/<public_id>/dropping")
@needs(policy.can_change, on=task_for, log=LOGGED)
def dropping(found: TaskOfCase) -> Response:
    """Why, before it is ended."""
    _refuse_ended(found)
    return show_case("workspace/task_dropping.html", head=found.head, task=found.task, form=DropForm())


@bp.post("/cases/<number>/tasks/<public_id>/dropping")
@needs(policy.can_change, on=task_for)
def set_dropping(found: TaskOfCase) -> Response:
    form = DropForm(request.form)
    if not form.validate():
        return show_case("workspace/task_dropping.html", head=found.head, status=422, task=found.task, form=form)
    is_new = drop_task(found.head, found.task.id, (form.why.data or "").strip(), by=g.actor)
    said = "The task is not needed any more; why is kept." if is_new else WAS_ENDED
    return done(said, _list(found.head))


def _offered(form: Shape, head: CaseHead) -> Shape:
    form.offer(head, people_for(head))
    return form


def _arranged(form: ArrangedForm, *, was: Arranged | None = None) -> Arranged | None:
    """What was typed, where it is in order; what is not is said beside its field."""
    is_valid, arranged = form.validate(), form.arranged()
    faults = fault_of(arranged, clock.today(), was=was) if arranged else {}
    form.mend(faults)
    return arranged if is_valid and not faults else None


def _meanwhile(found: TaskOfCase, form: ArrangedForm, said: str) -> Response:
    """Nothing was written: how it stands now is above the form, which keeps what was typed."""
    number, public_id = found.head.number, found.task.public_id
    now = task_for(g.actor, number, public_id) or found
    form.form_errors.append(f"{said} How it stands now is said above. Save again if you still want this.")
    form.version.data = version_of(now.task)
    return _one(now, form, status=409)


def _is_open(found: TaskOfCase) -> bool:
    return found.task.ended_at is None and policy.can_change(g.actor, found.head)


def _refuse_ended(found: TaskOfCase) -> None:
    if found.task.ended_at:
        raise Conflict(ENDED, "It is not open any more")


def _list(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/tasks"


def _new(head: CaseHead, form: TaskForm, *, status: int = 200) -> Response:
    return show_case("workspace/task_new.html", head=head, status=status, form=form)


def _one(found: TaskOfCase, form: ArrangedForm, *, status: int = 200) -> Response:
    return show_case(
        "workspace/task.html",
        head=found.head,
        status=status,
        found=found,
        task=found.task,
        form=form,
        history=history_of(found.task),
        is_open=_is_open(found),
        today=clock.today(),
        kinds=kinds(),
        words=WORDS,
    )
