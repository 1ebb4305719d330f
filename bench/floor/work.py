"""My work of a lead: who waits is found by hand; what that means, and in which order, by the portal's own arithmetic."""

from html import escape

from app.cases.listing import PAGE as LINES
from app.cases.rules import SCHOOL_MEETING
from app.cases.work.rules import Line, Why, lines_of
from app.figures import Figures
from bench.floor import driver
from bench.floor.frame import Who, page
from bench.floor.scope import COUNTS
from bench.floor.waiting import waiting
from bench.floor.words import URGENT, meeting_days, today

MATCHES = f"""SELECT count(*) FROM (SELECT 1 FROM likely_match l JOIN attendance_case c ON c.id = l.case_id
    JOIN attendance_case f ON f.id = l.other_case_id WHERE l.decided_at IS NULL
    AND (f.service_id = :organisation OR f.service_id IS NULL AND c.service_id = :organisation) LIMIT {LINES + 1}) m"""
TAGS = {
    Why.OVERDUE: ("Overdue", " govuk-tag--orange"),
    Why.TODAY: ("Today", " govuk-tag--yellow"),
    Why.TOMORROW: ("Next working day", ""),
    Why.NOBODY: ("Nobody has it", " govuk-tag--purple"),
    Why.TRANSFER: ("Transfer", " govuk-tag--purple"),
    Why.PAUSE: ("Pause asked for", " govuk-tag--purple"),
    Why.ARRIVED: ("Look through", " govuk-tag--purple"),
    Why.WORSE: ("Attendance", " govuk-tag--orange"),
    Why.ASKED: ("Update asked for", " govuk-tag--yellow"),
    Why.NEW: ("New", " govuk-tag--green"),
    Why.ADDED: ("Unread", " govuk-tag--green"),
    Why.SILENT: ("Long silent", " govuk-tag--grey"),
    Why.PLANNING: ("Plan", " govuk-tag--blue"),
    Why.OTHERS: ("With somebody else", " govuk-tag--grey"),
}
PLACES = (
    ("queue/", "queue", "in the queue"),
    ("cases/?status=open", "open", "open"),
    ("cases/?status=transition", "transition", "in transition"),
)
SAID = """In order: what is overdue, due today or on the next working day, then what waits for you; urgent cases first in each."""


def my_work(who: Who, _query: dict[str, list[str]]) -> str:
    place = {"organisation": who.organisation}
    lines = lines_of(waiting(who), me=who.person, silent_days=Figures().silent_days, today=today())
    matches = driver.rows(MATCHES, **place)[0][0]
    counts: dict[str, int] = dict(driver.rows(COUNTS["service"], **place))
    who.touch()
    wait = "One likely match waits" if matches == 1 else "Likely matches wait"
    first = f'<p><a href="/workspace/matches/">{wait}</a>: one student or two?</p>' if matches else ""
    return page(who, "My work", f"<h1>My work</h1>{first}{_lines(lines)}{_counts(counts)}")


def _lines(lines: list[Line]) -> str:
    if not lines:
        return "<p>Nothing is to be done today.</p>"
    rows = "".join(map(_line, lines[:LINES]))
    more = len(lines) - LINES
    older = f'<p><a class="govuk-link" href="/workspace/?all=y">{more} more</a></p>' if more > 0 else ""
    return (
        f'<p>{SAID}</p><table class="wh-list"><caption>What to do, in order</caption><thead><tr><th scope="col">Student</th>'
        '<th scope="col">What to do</th><th scope="col">Why it stands here</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{older}"
    )


def _line(line: Line) -> str:
    case, (label, colour) = line.case, TAGS[line.why]
    here = f"/workspace/cases/{case.number}/"
    what = f'<a class="govuk-link" href="{here}{line.page}">{escape(line.what)}</a>' if line.page else escape(line.what)
    why = _days(line) if line.meeting else escape(line.reason)
    return (
        f'<tr><th scope="row"><a class="govuk-link" href="{here}">{escape(case.student_name)}</a><small>{case.number}</small></th>'
        f"<td>{what}{URGENT if case.is_urgent else ''}</td>"
        f'<td><strong class="govuk-tag{colour}">{label}</strong> {why}</td></tr>'
    )


def _days(line: Line) -> str:
    limits = line.meeting.limits if line.meeting else SCHOOL_MEETING
    days = meeting_days(line.case.service_started_on, line.case.region, today(), limits)
    return f'<details><summary>{escape(line.reason)}</summary><ul class="wh-days">{days}</ul></details>'


def _counts(counts: dict[str, int]) -> str:
    items = "".join(f'<li><a href="/workspace/{url}">{counts.get(of, 0)} {said}</a></li>' for url, of, said in PLACES)
    return f'<h2>Cases of our service</h2><ul>{items}<li><a href="/workspace/cases/">All cases</a></li></ul>'
