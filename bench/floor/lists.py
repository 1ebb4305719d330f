"""A school's home, and the list at a service and at a school."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from bench.floor import driver
from bench.floor.frame import Who, page
from bench.floor.scope import COUNTS, NOT_CLOSED, PAGE, PLACES, STATUSES, listed
from bench.floor.words import SAID, URGENT, meeting_line, overdue, tag, today

Query = dict[str, list[str]]
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
HEADS = {
    "service": ("Student", "School", "Status", "Case manager", "Meet the school"),
    "school": ("Student", "Status", "Case manager", "Our contact", "First meeting with us", "What the school does now"),
    "queue": ("Student", "School", "Know first", "Meet the school", "Give"),
}
TITLES = {"service": "Cases of our service", "school": "Cases of your students"}


def school_home(who: Who, _query: Query) -> str:
    counts, found = _counts(who), found_for(who, NOT_CLOSED)[:10]
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
    found = found_for(who, tuple(chosen) or NOT_CLOSED, query.get("after", [""])[0], by_status=who.kind == "school")
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
        f"{_table(who, found)}{older(PLACES[who.kind], [('status', each) for each in chosen], found)}",
    )


def found_for(who: Who, statuses: tuple[str, ...], after: str = "", *, by_status: bool = False) -> driver.Rows:
    statement = listed(who.kind, statuses, has_after=bool(after), by_status=by_status)
    return driver.rows(statement, organisation=who.organisation, today=today(), after=after)


def _counts(who: Who) -> dict[str, int]:
    return dict(driver.rows(COUNTS[who.kind], organisation=who.organisation, today=today()))


def _table(who: Who, found: driver.Rows) -> str:
    if not found:
        return f"<p>{NONE[who.kind]}</p>"
    row, on = {"service": _service_row, "school": _school_row}[who.kind], today()
    rows = "".join(row(each, on) for each in found[:PAGE])
    return f'<table class="wh-list"><caption>Cases</caption>{head(who.kind)}<tbody>{rows}</tbody></table>'


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


def head(of: str) -> str:
    cells = "".join(f'<th scope="col">{each}</th>' for each in HEADS[of])
    return f"<thead><tr>{cells}</tr></thead>"


def _tile(number: int, text: str, url: str) -> str:
    return f'<li class="wh-tile"><b>{number}</b> <a class="govuk-link" href="{url}">{text}</a></li>'


def older(path: str, query: list[tuple[str, str]], found: driver.Rows) -> str:
    if len(found) <= PAGE:
        return ""
    url = escape(f"{path}?{urlencode([*query, ('after', found[PAGE - 1][1])])}")
    return f'<nav class="wh-older"><a class="govuk-link" rel="next" href="{url}">Older<span> →</span></a></nav>'
