"""Home, queue and list, at a service and at a school."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from app.cases.rules import first_limit
from bench.floor import driver
from bench.floor.frame import Who, page
from bench.floor.scope import COUNTS, NOT_CLOSED, PAGE, PLACES, STATUSES, listed
from bench.floor.words import SAID, URGENT, age, meeting_days, meeting_line, overdue, tag, today

Query = dict[str, list[str]]
NOTES = f"SELECT n.case_id, n.kind, n.fact FROM safety_note n WHERE n.case_id {driver.AMONG} ORDER BY n.id"
DRAFTS = """
SELECT r.public_id, coalesce(nullif(t.preferred_name, ''), t.legal_name), p.name, r.changed_at FROM referral r
JOIN student t ON t.id = r.student_id JOIN person p ON p.id = r.owner_id
WHERE r.school_id = :organisation AND r.state = 'draft' AND r.discarded_at IS NULL ORDER BY r.changed_at DESC LIMIT 200
"""
"""Its rows are not shown but counted: in the country that is measured nobody has any."""
NONE = {
    "service": "No cases here. Cases you may see appear here; try fewer ticks above.",
    "school": "No cases here yet. When your school asks for support with a student, the case appears here. "
    '<a href="/portal/referrals/new">Ask for support with a student</a>',
}
QUEUE_EMPTY = """<h1>Queue: waiting for a case manager</h1>
<p>The queue is empty. New requests from schools appear here, urgent ones first.</p>"""
HEADS = {
    "service": ("Student", "School", "Status", "Case manager", "Meet the school"),
    "school": ("Student", "Status", "Case manager", "Our contact", "First meeting with us", "What the school does now"),
    "queue": ("Student", "School", "Know first", "Meet the school", "Give it to"),
}
TITLES = {"service": "Cases of our service", "school": "Cases of your students"}


def school_home(who: Who, _query: Query) -> str:
    counts, found = _counts(who), _found(who, NOT_CLOSED)[:10]
    drafts = len(driver.rows(DRAFTS, organisation=who.organisation))
    tiles = "".join(
        _tile(counts[status], SAID[status].label.lower(), f"/portal/cases/?status={status}")
        for status in NOT_CLOSED
        if counts.get(status)
    )
    who.touch()
    return page(
        who,
        "Home",
        "<h1>Your school’s attendance cases</h1>"
        '<p><a class="govuk-button" href="/portal/referrals/new">Ask for support with a student</a></p>'
        f'<ul class="wh-tiles">{_tile(drafts, "drafts", "/portal/referrals/")}{tiles}</ul>'
        f'<h2>Cases</h2>{_table(who, found)}<p><a class="govuk-link" href="/portal/cases/">All cases</a></p>',
    )


def cases(who: Who, query: Query) -> str:
    chosen = [status for status in query.get("status", ()) if status in STATUSES]
    found = _found(who, tuple(chosen) or NOT_CLOSED, query.get("after", [""])[0], by_status=who.kind == "school")
    who.touch()
    ticks = "".join(
        f'<div><input type="checkbox" name="status" id="status-{status}" value="{status}"'
        f'{" checked" if status in chosen else ""}><label for="status-{status}">{SAID[status].label}</label></div>'
        for status in STATUSES
    )
    return page(
        who,
        "Cases",
        f'<h1>{TITLES[who.kind]}</h1><form class="wh-filter" method="get" action="{PLACES[who.kind]}"><fieldset>'
        f"<legend>Show only</legend>{ticks}</fieldset><button>Show</button></form>"
        f"{_table(who, found)}{_older(PLACES[who.kind], [('status', each) for each in chosen], found)}",
    )


def queue(who: Who, query: Query) -> str:
    found = _found(who, ("queue",), query.get("after", [""])[0])
    notes: dict[int, str] = {}
    for case, kind, fact in driver.rows(NOTES, ids=[row[0] for row in found]):
        notes[case] = f'{notes.get(case, "")}<p class="wh-safety"><strong>Safety: {kind}.</strong> {escape(fact)}</p>'
    who.log("queue")
    if not found:
        return page(who, "Queue", QUEUE_EMPTY)
    on = today()
    rows = "".join(_queued(row, notes.get(row[0], ""), on) for row in found[:PAGE])
    return page(
        who,
        "Queue",
        f"<h1>Queue: waiting for a case manager</h1><p>In order: {_order()}.</p>"
        f'<table class="wh-list"><caption>Cases in the queue</caption>{_head("queue")}<tbody>{rows}</tbody></table>'
        f"{_older('/workspace/queue/', [], found)}",
    )


def _found(who: Who, statuses: tuple[str, ...], after: str = "", *, by_status: bool = False) -> driver.Rows:
    statement = listed(who.kind, statuses, has_after=bool(after), by_status=by_status)
    return driver.rows(statement, organisation=who.organisation, today=today(), after=after)


def _counts(who: Who) -> dict[str, int]:
    return dict(driver.rows(COUNTS[who.kind], organisation=who.organisation, today=today()))


def _table(who: Who, found: driver.Rows) -> str:
    if not found:
        return f"<p>{NONE[who.kind]}</p>"
    row, on = {"service": _service_row, "school": _school_row}[who.kind], today()
    rows = "".join(row(each, on) for each in found[:PAGE])
    return f'<table class="wh-list"><caption>Cases</caption>{_head(who.kind)}<tbody>{rows}</tbody></table>'


def _service_row(row: Any, on: Any) -> str:
    _, number, status, urgency, _, started_on, region, due_on, name, _, school, manager, contact = row
    waits = status in ("queue", "open")
    began, due = driver.day(started_on), driver.day(due_on)
    meeting = f"{overdue(due, on)}{meeting_line(began, due, region, on)}" if waits else "–"
    return (
        f'<tr><th scope="row"><a class="govuk-link" href="/workspace/cases/{number}/">{escape(name)}</a>'
        f"<small>{number}</small></th><td>{escape(school)}<small>Contact: {escape(contact or 'none')}</small></td>"
        f"<td>{tag(status)}{URGENT if urgency == 0 else ''}</td><td>{escape(manager or 'nobody yet')}</td><td>{meeting}</td></tr>"
    )


def _school_row(row: Any, _on: Any) -> str:
    _, number, status, urgency, _, _, _, due_on, name, _, _, manager, contact = row
    action = SAID[status].school_action.replace("{until}", "further notice")
    return (
        f'<tr><th scope="row"><a class="govuk-link" href="/portal/cases/{number}/">{escape(name)}</a>'
        f"<small>{number}</small></th><td>{tag(status)}{URGENT if urgency == 0 else ''}</td>"
        f"<td>{escape(manager or 'not yet given')}</td><td>{escape(contact or 'none')}</td>"
        f"<td>{driver.day(due_on)}</td><td>{escape(action)}</td></tr>"
    )


def _queued(row: Any, notes: str, on: Any) -> str:
    _, number, _, urgency, why, started_on, region, due_on, name, born_on, school, *_ = row
    started_on, due_on = driver.day(started_on), driver.day(due_on)
    urgent = f"{URGENT} {escape(why)}" if urgency == 0 else ""
    return (
        f'<tr><th scope="row"><a class="govuk-link" href="/workspace/cases/{number}/">{escape(name)}</a>'
        f"<small>{number}, age {age(driver.day(born_on))}</small></th><td>{escape(school)}</td>"
        f"<td>{urgent}{notes or ('' if urgent else '–')}</td>"
        f"<td>{overdue(due_on, on)}<details><summary>{meeting_line(started_on, due_on, region, on)}</summary>"
        f'<ul class="wh-days">{meeting_days(started_on, region, on)}</ul></details></td>'
        f'<td><a class="govuk-link" href="/workspace/cases/{number}/assignment">Assign<span> {escape(name)}</span></a></td></tr>'
    )


def _head(of: str) -> str:
    cells = "".join(f'<th scope="col">{each}</th>' for each in HEADS[of])
    return f"<thead><tr>{cells}</tr></thead>"


def _tile(number: int, text: str, url: str) -> str:
    return f'<li class="wh-tile"><b>{number}</b> <a class="govuk-link" href="{url}">{text}</a></li>'


def _order() -> str:
    return f"urgent first, then by the first limit ({first_limit(today())} working days)"


def _older(path: str, query: list[tuple[str, str]], found: driver.Rows) -> str:
    if len(found) <= PAGE:
        return ""
    url = escape(f"{path}?{urlencode([*query, ('after', found[PAGE - 1][1])])}")
    return f'<nav class="wh-older"><a class="govuk-link" rel="next" href="{url}">Older<span> →</span></a></nav>'
