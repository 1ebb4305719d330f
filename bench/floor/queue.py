"""The queue, and what everybody has whom a case may be given to: by hand."""

from collections import defaultdict
from html import escape
from typing import Any
from uuid import uuid4

from app.cases.rules import first_limit
from bench.floor import driver
from bench.floor.frame import Who, page
from bench.floor.lists import Query, found_for, head, older
from bench.floor.scope import PAGE
from bench.floor.words import URGENT, age, meeting_days, meeting_line, overdue, today

NOTES = f"SELECT n.case_id, n.kind, n.fact FROM safety_note n WHERE n.case_id {driver.AMONG} ORDER BY n.id"
LOADS = """
SELECT p.public_id, p.name, coalesce(c.opened, 0), coalesce(c.going, 0), coalesce(c.paused, 0)
FROM role_held r JOIN person p ON p.id = r.person_id AND p.ended_at IS NULL
LEFT JOIN (SELECT manager_id AS id, count(*) FILTER (WHERE status = 'open') AS opened,
        count(*) FILTER (WHERE status = 'transition') AS going, count(*) FILTER (WHERE status = 'paused') AS paused
    FROM attendance_case WHERE service_id = :organisation AND manager_id IS NOT NULL AND status <> 'closed'
    GROUP BY manager_id) c ON c.id = p.id
WHERE r.organisation_id = :organisation AND r.role = 'case_manager' AND r.ended_at IS NULL ORDER BY p.name, p.id
"""
EMPTY = """<p>The queue is empty. New requests from schools appear here, urgent ones first.</p>"""
TITLE = """<h1>Queue: waiting for a case manager</h1><p><a class="govuk-link" href="/workspace/caseloads/">Who has how much</a>: cover
for a colleague, hand cases over · <a class="govuk-link" href="/workspace/matches/">Likely matches</a>: one student or two?</p>"""
HINT = "Beside each name what they have now. They are told once, and each school’s contact is told who it is."
TICK = """<div class="govuk-checkboxes govuk-checkboxes--small"><div class="govuk-checkboxes__item">
<input class="govuk-checkboxes__input" type="checkbox" name="case" id="give-{place}" value="{number}"><label
class="govuk-label govuk-checkboxes__label" for="give-{place}">Tick<span> {name}</span></label></div></div>"""


def queue(who: Who, query: Query) -> str:
    found = found_for(who, ("queue",), query.get("after", [""])[0])
    notes: dict[int, list[str]] = defaultdict(list)
    for case, kind, fact in driver.rows(NOTES, ids=[row[0] for row in found]):
        notes[case].append(f'<p class="wh-safety"><strong>Safety: {kind}.</strong> {escape(fact)}</p>')
    options = _options(who)
    who.log("queue")
    return page(who, "Queue", f"{TITLE}{_form(found, notes, options) if found else EMPTY}")


def _form(found: driver.Rows, notes: dict[int, list[str]], options: str) -> str:
    on = today()
    rows = "".join(_row(place, row, "".join(notes[row[0]]), on) for place, row in enumerate(found[:PAGE], 1))
    return (
        f"<p>In order: {_order()}.</p>"
        f'<form method="post" action="/workspace/queue/assignment"><input type="hidden" name="once" value="{uuid4()}">'
        f'<table class="wh-list"><caption>Cases in the queue</caption>{head("queue")}<tbody>{rows}</tbody></table>'
        f'<label for="case_manager">To whom?</label><div class="govuk-hint">{HINT}</div>'
        f'<select id="case_manager" name="case_manager"><option value="">Choose who takes them</option>{options}</select>'
        f"<button>Give the ticked cases</button></form>{older('/workspace/queue/', [], found)}"
    )


def _options(who: Who) -> str:
    """Everybody with what they have."""
    rows = driver.rows(LOADS, organisation=who.organisation)
    return "".join(f'<option value="{one}">{escape(name)}: {_load(*has)}</option>' for one, name, *has in rows)


def _load(opened: int, going: int, paused: int) -> str:
    more = f"{f', {going} in transition' if going else ''}{f', {paused} on hold' if paused else ''}"
    return f"{opened} open{more}"


def _row(place: int, row: Any, notes: str, on: Any) -> str:
    _, number, _, urgency, why, started_on, region, due_on, name, born_on, school, *_ = row
    started_on, due_on = driver.day(started_on), driver.day(due_on)
    urgent = f"{URGENT} {escape(why)}" if urgency == 0 else ""
    tick = TICK.format(place=place, number=number, name=escape(name))
    return (
        f'<tr><th scope="row"><a class="govuk-link" href="/workspace/cases/{number}/">{escape(name)}</a>'
        f"<small>{number}, age {age(driver.day(born_on))}</small></th><td>{escape(school)}</td>"
        f"<td>{urgent}{notes or ('' if urgent else '–')}</td>"
        f"<td>{overdue(due_on, on)}<details><summary>{meeting_line(started_on, due_on, region, on)}</summary>"
        f'<ul class="wh-days">{meeting_days(started_on, region, on)}</ul></details></td>'
        f'<td>{tick}<a class="govuk-link" href="/workspace/cases/{number}/assignment">Assign<span> {escape(name)}</span></a></td></tr>'
    )


def _order() -> str:
    return f"urgent first, then by the first limit ({first_limit(today())} working days)"
