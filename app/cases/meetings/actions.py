"""What happened on a case is recorded (CASE-12), and the contract's clocks stop by it (CASE-8)."""

from sqlalchemy import insert, select

from app.cases.actions import add_entry
from app.cases.entries import Audience, Entry, EntryKind, Meeting
from app.cases.meetings.models import MeetingAnswer
from app.cases.meetings.rules import Said, clocks_of, happened_at, mode_of
from app.cases.models import Case, Status
from app.cases.queries import CaseHead, case_to_change
from app.cases.tasks.actions import complete, take_back_of
from app.cases.tasks.many import follow_ups
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Happened
from app.core.figures import the_figures
from app.core.text import nfc
from app.people.queries import Actor

RECORDED = "meeting.recorded"
HIDDEN_AND_SHARED = (
    "You ticked that the school sees not even kind and day, and pressed the button that shares it. Take the tick away, or "
    "press another button."
)


def record_meeting(
    case: CaseHead, said: Said, *, body: str, audience: Audience, by: Actor, completes: int | None = None
) -> Entry:
    """One entry for one audience. What is shared opens to the school later (SHARE-2); of what is for the service the school
    knows kind and day, but never of agency work (SHARE-1). `completes`: the task (its id) that is done by it; a next step
    is a task, but not where the case is closed: nobody would do it."""
    if said.is_hidden and audience is Audience.SHARED:
        raise Refused(HIDDEN_AND_SHARED)
    now = clock.now()
    opens_at = now + the_figures().undo_for if audience is Audience.SHARED else None
    when = {"opens_at": opens_at, "happened_at": happened_at(said, now)}
    held = case_to_change(case.case_id) if said.is_done else None  # before any row names it: of two at once one waits
    entry = add_entry(case.case_id, EntryKind.EVENT, body=body, audience=audience, by=by, **when)
    meeting = _keep(case, entry, said)
    if held and not _is_past_both_clocks(held, said):
        recount_clocks(held)
    came = complete(case, completes, meeting.id, by=by) if held and completes else []
    if said.next_step and said.next_on and case.status is not Status.CLOSED:
        came += follow_ups([(case, said.next_step, said.next_on)], by=by, at=entry.recorded_at)
    events.record_all(*came, Happened(RECORDED, entry, case, entry.opens_at), by=by)
    return entry


def take_back(case: CaseHead, entry: Entry, *, by: Actor) -> int:
    """An event is no more: it stops no clock (CASE-8), and what came of it for tasks is undone. How many are open again."""
    recount_clocks(case_to_change(entry.case_id))
    return take_back_of(case, entry, by=by)


def recount_clocks(case: Case) -> None:
    """Both clocks as the rows say now: of what the service that has the case did since its clocks began, and did not take
    back. An attempt stops nothing."""
    done = (
        select(
            *(Meeting.kind, Meeting.mode, Meeting.happened_on),
            *(Meeting.with_school, Meeting.with_student, Meeting.with_caregiver),
        )
        .join(Entry, Entry.id == Meeting.entry_id)
        .where(Meeting.case_id == case.id, Meeting.is_done, Meeting.happened_on >= case.service_started_on)
        .where(Entry.retracted_at.is_(None), Entry.organisation_id == case.service_id)
    )
    case.met_school_on, case.engaged_on = clocks_of(db.session.execute(done))
    db.session.flush()


def _is_past_both_clocks(case: Case, said: Said) -> bool:
    """They have stopped by then, so that this changes neither."""
    stopped = (case.met_school_on, case.engaged_on)
    return all(day is not None and day <= said.happened_on for day in stopped)


def _keep(case: CaseHead, entry: Entry, said: Said) -> Meeting:
    meeting = Meeting(
        entry_id=entry.id,
        case_id=case.case_id,
        kind=said.kind,
        is_done=said.is_done,
        happened_on=said.happened_on,
        began_at=said.began_at,
        mode=mode_of(said),
        with_school=said.with_school,
        school_id=case.school_id if said.with_school else None,
        with_student=said.with_student,
        with_caregiver=said.with_caregiver,
        with_others=nfc(said.with_others),
        done_by=nfc(said.done_by),
        next_step=nfc(said.next_step),
        is_hidden=said.is_kept_from_school,
    )
    db.session.add(meeting)
    db.session.flush()
    _keep_list(meeting, said)
    return meeting


def _keep_list(meeting: Meeting, said: Said) -> None:
    """CASE-13: what was filled in."""
    answers = [
        {"meeting_id": meeting.id, "field": field, "text": nfc(text)} for field, text in said.answers.items() if text
    ]
    if answers:
        db.session.execute(insert(MeetingAnswer), answers)
