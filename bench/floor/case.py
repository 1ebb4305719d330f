"""The page of a case, at a service and at a school."""

from html import escape
from typing import Any

from app.cases.rules import ENGAGEMENT
from bench.floor import driver
from bench.floor.entries import of_entries
from bench.floor.frame import Who, page
from bench.floor.reads import FILES, HEADS, NOTES, TIMELINES, UNSENT
from bench.floor.words import (
    SAID,
    URGENT,
    age,
    engagement_line,
    meeting_days,
    meeting_line,
    now,
    nzdate,
    nztime,
    tag,
    today,
)

MOST = 25
ABOUT = (
    ("request", "What the school asked for"),
    ("caregivers/", "Caregivers"),
    ("attendance", "Days absent"),
    ("letters/", "Letters"),
    ("files", "Files"),
    ("school-view", "What does the school see?"),
    ("access", "Who opened this case"),
)
ABOUT_AT_SCHOOL = (("files", "Files"), ("request", "What we asked for"), ("access", "Who of us opened this case"))
FILES_HINT = "Up to 20 files, 25 MB each, 100 MB at once: PDF, Word, Excel, PowerPoint, text, pictures, mail."


def page_of(who: Who, number: str) -> str:
    values: dict[str, Any] = {"organisation": who.organisation, "person": who.person, "now": now(), "today": today()}
    head = driver.rows(HEADS[who.kind], number=number, **values)[0]
    values["case"] = head[0]
    unsent = driver.rows(UNSENT, **values)
    entries = driver.rows(TIMELINES[who.kind], **values)[:MOST]
    files: dict[int, list[tuple[Any, ...]]] = {}
    for entry, *file in driver.rows(FILES, ids=[row[0] for row in entries]):
        files.setdefault(entry, []).append(tuple(file))
    notes = driver.rows(NOTES, case=head[0]) if who.kind == "service" else []
    who.log("case", head[0])
    header, form, beside = (_service if who.kind == "service" else _school)(who, head, notes, unsent)
    shown = (
        f'{header}<div class="wh-side"><div><section id="timeline"><h2>Timeline</h2>{form}'
        f"{of_entries(who.kind, head, entries, files)}</section></div><aside>{beside}</aside></div>"
    )
    return page(who, f"Timeline – {number}", shown)


def _service(who: Who, head: Any, notes: driver.Rows, unsent: driver.Rows) -> tuple[str, str, str]:
    _, number, status, urgency, why, started_on, region, due_on, name, born_on, school, *people, level = head
    _, _, manager_id, manager, _, contact, contact_phone, engaged_on = people
    facts = _facts(
        ("Age", _age(born_on, level)),
        ("School", escape(school)),
        ("Status", f"{tag(status)}{URGENT if urgency == 0 else ''}"),
        ("Case manager", "you" if manager_id == who.person else escape(manager or "nobody yet")),
        ("School contact", f"{escape(contact or 'none')}{_phone(contact_phone)}"),
    )
    warned = "".join(map(_note, notes)) + (
        f'<p class="wh-safety"><strong>Urgent.</strong> {escape(why)}</p>' if urgency == 0 else ""
    )
    clocks = "" if status in ("closed", "transition") else _clocks(started_on, due_on, region, engaged_on)
    buttons = (
        f'<button name="audience" value="shared">Add and share with {escape(school)}</button>'
        '<button name="audience" value="service">Add for our service only</button>'
        '<button name="audience" value="restricted">Add restricted</button>'
    )
    hint = (
        f"The button says who will read it, and open its files. What is shared opens to {escape(school)} after 5 minutes; "
        "until then you can undo."
    )
    start = f"/workspace/cases/{number}/"
    given = "Give it to somebody else" if manager else "Assign a case manager"
    listed = (("assignment", given), *ABOUT) if status in ("queue", "open", "transition") else ABOUT
    beside = f"<h2>About this case</h2>{_links(start, listed)}<p>{escape(SAID[status].meaning)}</p>"
    return (
        _header(name, number, facts) + warned + clocks,
        _form(start, "Add a note", hint, unsent, buttons),
        beside,
    )


def _school(who: Who, head: Any, _notes: driver.Rows, unsent: driver.Rows) -> tuple[str, str, str]:
    _, number, status, _, _, _, _, _, name, born_on, _, *people, level = head
    service, service_phone, _, manager, phone, contact, _, _ = people
    facts = _facts(
        ("Age", _age(born_on, level)),
        ("Status", tag(status)),
        ("Service", escape(service or "none yet")),
        ("Case manager", f"{escape(manager or 'not yet given')}{_phone(phone)}"),
        ("School contact", escape(contact or "none")),
    )
    start = f"/portal/cases/{number}/"
    hint = "The service can read it 5 minutes after it is sent; until then you can undo."
    button = f"<button>Add and share with {escape(service or 'the service')}</button>"
    form = _form(start, "Add a comment", hint, unsent, button)
    if status == "closed":
        form = '<p>This case is closed. <a href="/portal/referrals/new">Ask again if support is needed.</a></p>'
    action = escape(SAID[status].school_action.replace("{until}", "further notice"))
    called = f"<p>{escape(service)}: {_phone(service_phone)[2:]}</p>" if service_phone else ""
    beside = (
        f"<h2>What the school does now</h2><p>{action}</p><p>{escape(SAID[status].meaning)}</p>{called}"
        f"{_links(start, ABOUT_AT_SCHOOL)}"
    )
    return _header(name, number, facts), form, beside


def _clocks(started_on: Any, due_on: Any, region: str, engaged_on: Any) -> str:
    began, due, on = driver.day(started_on), driver.day(due_on), today()
    engaged = driver.day(engaged_on) if engaged_on else None
    days = meeting_days(began, region, engaged or on, ENGAGEMENT)
    school = _clock("Meet the school", meeting_line(began, due, region, on), meeting_days(began, region, on))
    whanau = _clock("Meet student and whānau", engagement_line(began, engaged, region), days)
    return f'<ul class="wh-clocks">{school}{whanau}</ul>'


def _clock(title: str, line: str, days: str) -> str:
    return (
        f'<li class="wh-clock"><details><summary><b>{title}</b> <span>{line}</span> <span>Show the days</span></summary>'
        f'<ul class="wh-days">{days}</ul></details></li>'
    )


def _header(name: str, number: str, facts: str) -> str:
    return f'<section class="wh-case"><h1>{escape(name)} <small>{number}</small></h1>{facts}</section>'


def _facts(*facts: tuple[str, str]) -> str:
    return f'<ul class="wh-facts">{"".join(f"<li><b>{term}</b> {value}</li>" for term, value in facts)}</ul>'


def _age(born_on: Any, level: int | None) -> str:
    return f"{age(driver.day(born_on))}{f', Year {level}' if level else ''}"


def _phone(phone: str | None) -> str:
    return f', <a href="tel:{escape(phone.replace(" ", ""))}">{escape(phone)}</a>' if phone else ""


def _note(note: Any) -> str:
    kind, fact, name, added_at, review_by = note
    return (
        f'<p class="wh-safety"><strong>Safety: {kind}.</strong> {escape(fact)} <span>From {escape(name)}, '
        f"{nztime(driver.instant(added_at)).rpartition(',')[0]}; review by {nzdate(driver.day(review_by))}.</span></p>"
    )


def _form(start: str, label: str, hint: str, unsent: driver.Rows, buttons: str) -> str:
    body = "\n\n".join(row[1] for row in unsent if row[0] and row[1].strip())
    files = "".join(f"<li>{escape(row[3])}</li>" for row in unsent if row[2])
    return (
        f'<form method="post" action="{start}comments"><label>{label}</label><div>{hint}</div>'
        f'<textarea name="body">\n{escape(body)}</textarea><ul>{files}</ul>'
        f'<label>Add files</label><div>{FILES_HINT}</div><input type="file" name="files">{buttons}</form>'
    )


def _links(start: str, links: Any) -> str:
    return f'<ul>{"".join(f"""<li><a href="{start}{to}">{said}</a></li>""" for to, said in links)}</ul>'
