"""The audiences, put together: their pages, their navigation, and the words that their templates share."""

from urllib.parse import urlencode

from flask import Flask, request

from app import everyone, health, ministry, portal, signin, workspace
from app.attendance.drawing.queries import in_one_line
from app.calendars.working_days import WorkingDayClock, weekday_and_date
from app.cases.entries import Audience, EntryKind
from app.cases.meetings.rules import MODES, days_late, label_of, with_whom
from app.cases.models import Status
from app.cases.policy import can_work
from app.cases.queries import CaseHead
from app.cases.rules import first_limit, status_words
from app.core import clock
from app.core.db import AnyRow
from app.core.figures import counted
from app.everyone.letter_words import LOG_OF_LETTERS
from app.everyone.whanau_words import LOG_OF_WHANAU
from app.everyone.work_words import LOG_OF_STATUS
from app.people.models import Kind
from app.people.rules import LABELS
from app.referrals.routing import close_words

NAVS = {Kind.SCHOOL: portal.nav, Kind.SERVICE: workspace.nav, Kind.MINISTRY: ministry.nav}
STATUS_COLOURS = {
    Status.TRIAGE: "purple",
    Status.QUEUE: "yellow",
    Status.OPEN: "",
    Status.TRANSITION: "teal",
    Status.PAUSED: "grey",
    Status.CLOSED: "grey",
}
ENTRY_WORDS = {
    EntryKind.REQUEST: "Support request",
    EntryKind.STATUS: "Status",
    EntryKind.COMMENT: "Comment",
    EntryKind.LETTER: "Letter",
    EntryKind.EVENT: "What happened",
    EntryKind.PLAN: "Plan",
}
AUDIENCE_WORDS = {
    Audience.SHARED: "Shared with the school",
    Audience.SERVICE: "Our service only",
    Audience.RESTRICTED: "Restricted",
}
LOG_WORDS = {
    "case": "opened the case",
    "request": "opened the request",
    "assignment": "opened the assignment",
    "handover": "read it among the cases to be handed over",
    "access log": "opened this log",
    "file": "opened a file",
    "files": "opened the list of files",
    "what the former school wrote": "opened what the former school wrote",
    "who reads a note": "opened who reads a note",
    "note": "opened a note or comment",
    "what the school sees": "opened what the school sees",
    "case.assigned": "gave the case to {whom}",
    "case.taken_from": "took the case from {whom}",
    "contact.handed_on": "made {whom} the primary contact, as a colleague’s role ended",
    "manager.covered": "let {whom} stand in for the case manager",
    "manager.covered_with_others": "let {whom} stand in for the case manager",
    "manager.covered_also": "let {whom} stand in for the new case manager too",
    "cover.ended": "ended the cover by {whom}",
    "case.transfer_asked": "asked for a transfer to another service",
    "case.transfer_offered": "offered the case to another service",
    "case.transfer_accepted": "took the case over",
    "case.transfer_refused": "refused a transfer",
    "case.transfer_withdrawn": "withdrew a transfer",
    "transfer": "opened a transfer",
    "comment.added": "added a note or comment",
    "comment.audience_changed": "changed who reads a note",
    "comment.undone": "took a note or comment back",
    "comment.shared_at_once": "shared a note or comment at once",
    "comment.edited": "edited a note or comment",
    "comment.retracted": "retracted a note or comment",
    "case.moved_away": "sent a request that took the case to another service",
    "match.found": "sent a request that may be for a student with another case",
    "match.confirmed": "said that two cases are of one student",
    "match.parted": "said that two cases are of two students",
    "merge.proposed": "proposed to make one record of two",
    "merge.confirmed": "made one record of two",
    "merge.refused": "said that two records are of two students",
    "merge.undone": "parted two records that had been made one",
    "referral.joined": "let a request go on in the case that the student had before",
    "referral.submitted": "sent a request",
    "contacts": "opened the contacts",
    "contact.added": "named {whom} as another contact",
    "contact.changed": "made {whom} the primary contact",
    "contact.replaced": "took the part of primary contact from {whom}",
    "contact.ended": "ended the part of {whom}",
    "contact.covered": "let {whom} stand in for the contact",
    "referral.withdrawn": "withdrew a request",
    "referral.declined": "declined a request",
    "case.shown_to_new_school": "let the new school see the case",
    "update.asked": "asked for an update",
    "privacy statement": "opened when the privacy statement was given",
    "privacy_statement.given": "noted that the privacy statement was given",
    "caregivers": "opened the caregivers",
    "caregiver.added": "named a caregiver",
    "caregiver.changed": "changed what is recorded of a caregiver",
    "caregiver.ended": "ended a caregiver",
    "caregiver.named_again": "named a caregiver again who had been ended by mistake",
    **LOG_OF_LETTERS,
    **LOG_OF_STATUS,
    **LOG_OF_WHANAU,
    "days absent": "opened the days absent",
    "absences.stated": "wrote down days absent",
    "last day at school": "opened the last day at school",
    "last_day.stated": "wrote down the last day at school",
    "transition.attendance_worse": "wrote down more days absent than before the transition",
    "transition.attendance_not_worse": "wrote down days absent that are not more than before the transition",
    "tasks": "opened the tasks",
    "task.added": "added a task",
    "task.changed": "arranged a task anew",
    "task.done": "did a task, or recorded what it was for",
    "task.dropped": "ended a task that is not needed",
    "task.reopened": "took back what had done a task",
    "task.left": "left a task to whoever has the case",
    "plan": "opened barriers and plan",
    "plan for the whānau": "opened the plan to print it",
    "plan.made": "made a plan",
    "plan.changed": "changed the plan",
    "plan.reviewed": "reviewed the plan",
    "plan.shared": "shared the plan with the school",
    "visit sheet": "opened the visit sheet to print it",
    "agencies": "opened the other agencies",
    "agency.named": "named another agency",
    "agency.changed": "changed what is recorded of another agency",
    "agency.ended": "ended another agency",
    "disclosure.recorded": "wrote down what an agency was told",
    "disclosure.ended": "marked as a mistake what an agency was said to be told",
    "basis": "opened on what basis the school may read something",
    "entry.basis_changed": "changed on what basis the school may read something",
    "barriers": "opened a barrier",
    "barrier.named": "named a barrier",
    "barrier.changed": "changed what is said of a barrier",
    "barrier.ended": "ended a barrier that was named in error",
    "meetings": "opened what happened",
    "meeting": "opened one thing that happened",
    "meeting.recorded": "recorded what happened",
}


def set_up(app: Flask) -> None:
    for room in (health, signin, everyone, portal, workspace, ministry):
        room.set_up(app)
    app.jinja_env.globals.update(
        STATUS_COLOURS=STATUS_COLOURS,
        CLOSE_WORDS=close_words,
        STATUS_LABELS={status: status_words(status).label for status in Status},
        ROLE_LABELS=LABELS,
        ENTRY_WORDS=ENTRY_WORDS,
        log_words=log_words,
        CAN_WORK=can_work,
        CLOCK_STATE=clock_state,
        SUMS_LINE=in_one_line,
        DAYS=days,
        EVENT_LABEL=label_of,
        EVENT_MODES=MODES,
        DAYS_LATE=days_late,
        WITH_WHOM=with_whom,
        ORDER=order,
        figures=app.extensions["settings"].figures,
        counted=counted,
        next_page=next_page,
    )


def order() -> str:
    """In which order cases are listed (CASE-9)."""
    return f"urgent first, then by the first limit ({first_limit(clock.today())} working days)"


def log_words(line: AnyRow) -> str:
    """What somebody did, and to what: "gave the case to Ana Tuhoro"."""
    said = LOG_WORDS.get(line.what, line.what).format(whom=line.whom or "a case manager")
    return f"{said}: from “{AUDIENCE_WORDS[line.was]}” to “{AUDIENCE_WORDS[line.became]}”" if line.became else said


def clock_state(case: CaseHead) -> str:
    return case.meeting.state


def days(of: WorkingDayClock) -> list[tuple[str, str, bool]]:
    """A clock's arithmetic, day by day up to its limit: the date, what is said of it, and whether it counted."""
    said = ((day.date, day.why_not or f"day {day.number}", day.number is not None) for day in of.days)
    return [(weekday_and_date(day), words, is_counted) for day, words, is_counted in said]


def next_page(after: str) -> str:
    """This list with its filters, from the row after this one."""
    values = [(name, text) for name, text in request.args.items(multi=True) if name != "after"]
    return f"{request.path}?{urlencode([*values, ('after', after)])}"
