"""The audiences, put together: their pages, their navigation, and the words that their templates share."""

from urllib.parse import urlencode

from flask import Flask, request

from app import everyone, health, portal, signin, workspace
from app.calendars.working_days import WorkingDayClock, weekday_and_date
from app.cases.models import EntryKind, Status
from app.cases.queries import CaseHead
from app.cases.rules import status_words
from app.people.models import Kind
from app.people.rules import LABELS
from app.referrals.questions import SECTIONS, answer_words

NAVS = {Kind.SCHOOL: portal.nav, Kind.SERVICE: workspace.nav}
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
}

LOG_WORDS = {
    "case": "opened the case",
    "request": "opened the request",
    "assignment": "opened the assignment",
    "access log": "opened this log",
    "who reads a note": "opened who reads a note",
    "what the school sees": "opened what the school sees",
    "case.assigned": "gave the case to a case manager",
    "case.taken_from": "took the case from the former case manager",
    "comment.added": "added a comment",
    "comment.audience_changed": "changed who reads a comment",
    "referral.submitted": "sent a request",
}


def set_up(app: Flask) -> None:
    for room in (health, signin, everyone, portal, workspace):
        room.set_up(app)
    app.jinja_env.globals.update(
        STATUS_COLOURS=STATUS_COLOURS,
        STATUS_LABELS={status: status_words(status).label for status in Status},
        ROLE_LABELS=LABELS,
        ENTRY_WORDS=ENTRY_WORDS,
        LOG_WORDS=LOG_WORDS,
        CLOCK_STATE=clock_state,
        DAYS=days,
        sections=SECTIONS,
        answer=answer_words,
        next_page=next_page,
    )


def clock_state(case: CaseHead) -> str:
    """Late once the first limit has passed, near on its last two days."""
    if case.is_late:
        return "late"
    return "near" if case.clock.working_days_left <= 1 else ""


def days(clock: WorkingDayClock) -> list[tuple[str, str, bool]]:
    """A clock's arithmetic, day by day: the date, what is said of it, and whether it counted."""
    return [
        (weekday_and_date(day.date), day.why_not or f"day {day.number}", day.number is not None) for day in clock.days
    ]


def next_page(after: str) -> str:
    """This list with its filters, from the row after this one."""
    values = [(name, text) for name, text in request.args.items(multi=True) if name != "after"]
    return f"{request.path}?{urlencode([*values, ('after', after)])}"
