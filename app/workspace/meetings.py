"""What was done and attempted on a case, and a form to record it (P4)."""

from typing import Any

from flask import g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.entries import Audience
from app.cases.heading import readers_of
from app.cases.meetings.actions import record_meeting
from app.cases.meetings.again import in_question, recorded_before
from app.cases.meetings.policy import can_record
from app.cases.meetings.queries import MeetingOfCase, engaged_by, meeting_for, meetings_for, so_far
from app.cases.meetings.rules import LIST, Said, fault_of
from app.cases.meetings.undone import undone_event
from app.cases.models import Status
from app.cases.queries import CaseHead, case_for
from app.cases.tasks.queries import open_tasks
from app.cases.timeline import PAGE as TIMELINE_PAGE
from app.cases.unsent.queries import UnsentForm, unsent_form_for
from app.cases.unsent.rules import EVENT, FORMS
from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.figures import counted, the_figures
from app.core.web.answers import done
from app.core.web.guards import needs
from app.core.web.writes import Sent
from app.referrals.queries import requests_on_case
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.kept_forms import forget_typed, keep_typed, window_now, words_left
from app.workspace.meeting_form import SHOWN, MeetingForm

SAID = {
    Audience.SHARED: "Recorded. {school} can read it in {minutes}, and is told then; until then you can undo.",
    Audience.SERVICE: "Recorded for our service only. {known}",
    Audience.RESTRICTED: "Recorded, restricted: case manager, cover and leads read it. {school} sees nothing of it.",
}
KNOWN = "{school} sees what it was and on which day, nothing else."
NOTHING_KNOWN = "{school} sees nothing of it."
TAKEN_FROM = {
    "background": ("reason",),
    "attendance": ("action_1", "action_2", "action_3", "no_actions_why", "plan"),
    "context": ("engagement", "needs"),
    "barriers": ("barriers",),
    "safety": ("safety_fact",),
    "agencies": ("agencies",),
    "health": ("health",),
}
"""What the list of a first meeting begins with, from the newest request."""


@bp.get("/cases/<number>/meetings")
@needs(policy.can_see, on=case_for, log="meetings")
def meetings(head: CaseHead) -> Response:
    """What was done and attempted, newest first. `task`: what somebody comes from to record that it took place."""
    if not can_record(g.actor, head):
        return _page(head, MeetingForm(), left=words_left(head, *FORMS))
    unsent = unsent_form_for(g.actor, head.case_id, EVENT)
    form = _offered(_begun(head, unsent), head)
    task = None if unsent else next((each for each in form.agreed if each.public_id == request.args.get("task")), None)
    if task:
        form.kind.data, form.completes.data = task.meeting_kind, task.public_id
    return _page(head, form, unsent=unsent)


@bp.post("/cases/<number>/meetings/unsent")
@needs(can_record, on=case_for, sent=Sent.REPEATS)
def save_event(head: CaseHead) -> Response:
    """What is typed is kept for its writer alone, until it is recorded."""
    return keep_typed(head, EVENT, f"/workspace/cases/{head.number}/meetings")


@bp.post("/cases/<number>/meetings")
@needs(can_record, on=case_for)
def record(head: CaseHead) -> Response:
    """Record it; or open the list of a first meeting, with all that was typed, and keep nothing yet."""
    if "leave" in request.form:
        forget_typed(head, EVENT)
        return done("Thrown away: nothing was recorded.", request.path)
    form = _offered(MeetingForm(request.form), head)
    if "show_list" in request.form:
        _open_list(head, form)
        return _page(head, form)
    said = form.said()
    task = form.completed(said) if said else None
    if said is None or not _can_be(head, form, said) or _is_again(head, form, said):
        return _page(head, form, status=422)
    audience = Audience(form.audience.data)
    try:
        completes = task.id if task else None
        record_meeting(head, said, body=form.body.data or "", audience=audience, by=g.actor, completes=completes)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(head, form, status=422)
    forget_typed(head, EVENT)
    return done(_said(head, said, audience) + _of_tasks(head, said, task), request.path)


@bp.get("/cases/<number>/meetings/<public_id>")
@needs(policy.can_see, on=meeting_for, log="meeting")
def meeting(found: MeetingOfCase) -> Response:
    """One of them, with its list."""
    return show_case("workspace/meeting.html", head=found.head, entry=found.entry, answers=found.answers, labels=LIST)


def _begun(head: CaseHead, unsent: UnsentForm | None) -> MeetingForm:
    """Empty, or with what was typed before and not recorded, or was recorded and undone."""
    if unsent is None:
        return MeetingForm()
    undone = undone_event(g.actor, head.case_id, unsent.undone) if unsent.undone else None
    return MeetingForm.of_undone(undone) if undone else MeetingForm(MultiDict(unsent.typed))


def _offered(form: MeetingForm, head: CaseHead) -> MeetingForm:
    """With the tasks that it may complete."""
    form.offer(open_tasks(g.actor, head) if head.open_tasks and can_record(g.actor, head) else [])
    return form


def _can_be(head: CaseHead, form: MeetingForm, said: Said) -> bool:
    closed_on = clock.nz(head.status_at).date() if head.status is Status.CLOSED else None
    form.mend(fault_of(said, now=clock.now(), closed_on=closed_on))
    return not form.errors


def _is_again(head: CaseHead, form: MeetingForm, said: Said) -> bool:
    """The same kind, day and people a second time: asked once, beside a box to tick."""
    before = None if form.again.data else recorded_before(head, said, by=g.actor)
    form.again.errors = [in_question(before, said, by=g.actor)] if before else []
    return before is not None


def _open_list(head: CaseHead, form: MeetingForm) -> None:
    """What the school asked with stands in it, to be gone through."""
    form.first.data = SHOWN
    newest = next(iter(requests_on_case(head.case_id)), None)
    for name, asked in TAKEN_FROM.items() if newest else ():
        told = [text for field in asked if newest and (text := newest.texts.get(field))]
        form[name].data = form[name].data or "\n".join(told)


def _said(head: CaseHead, said: Said, audience: Audience) -> str:
    known = NOTHING_KNOWN if said.is_kept_from_school else KNOWN
    minutes = counted(the_figures().undo_minutes, "minute")
    school = readers_of(head)
    return SAID[audience].format(school=school, minutes=minutes, known=known.format(school=school))


def _of_tasks(head: CaseHead, said: Said, task: AnyRow | None) -> str:
    """What became of tasks by it."""
    did = f" The task “{task.what}” is done by it." if task else ""
    if said.next_step and head.status is Status.CLOSED:
        return f"{did} The case is closed, so its next step became no task."
    return did


def _page(
    head: CaseHead, form: MeetingForm, *, unsent: UnsentForm | None = None, status: int = 200, left: Any = ()
) -> Response:
    entries = meetings_for(g.actor, head.case_id, before=request.args.get("before", ""))
    return show_case(
        "workspace/meetings.html",
        "workspace/_meetings.html",
        head=head,
        status=status,
        form=form,
        unsent=unsent,
        window=window_now(unsent),
        labels=LIST,
        entries=entries[:TIMELINE_PAGE],
        has_older=len(entries) > TIMELINE_PAGE,
        so_far=so_far(g.actor, head),
        engaged_by=engaged_by(g.actor, head),
        can_record=can_record(g.actor, head),
        left=left,
    )
