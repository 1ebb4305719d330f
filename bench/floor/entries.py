"""The entries of a timeline."""

from html import escape
from typing import Any, NamedTuple

from bench.floor import driver
from bench.floor.scope import PLACES
from bench.floor.words import clocktime, now, nztime

WORDS = {"request": "Support request", "status": "Status", "comment": "Comment", "letter": "Letter"}
NEW = '<strong class="govuk-tag">New</strong> '
AUDIENCES = {"shared": "Shared with the school", "service": "Our service only", "restricted": "Restricted"}
Files = dict[int, list[tuple[Any, ...]]]


class Entry(NamedTuple):
    """A row of the timeline."""

    id: int
    public_id: str
    kind: str
    happened_at: Any
    audience: str
    opens_at: Any
    retracted_at: Any
    edited_at: Any
    body: str | None
    is_made: Any
    author: str
    organisation: str
    organisation_kind: str
    is_new: Any


class Case(NamedTuple):
    """Where the entries stand, and for whom they are shown."""

    start: str
    readers: str
    is_service: bool


def of_entries(kind: str, head: Any, entries: driver.Rows, files: Files) -> str:
    readers = head[10] if kind == "service" else head[11] or "The service"
    case = Case(f"{PLACES[kind]}{head[1]}/", escape(readers), kind == "service")
    each = "".join(_shown(case, entry, files.get(entry.id, [])) for entry in map(Entry._make, entries))
    return f'<ol class="wh-time">{each}</ol>'


def _shown(case: Case, entry: Entry, files: list[tuple[Any, ...]]) -> str:
    at = nztime(driver.instant(entry.happened_at))
    is_gone = entry.retracted_at is not None
    was_undone = is_gone and entry.retracted_at < entry.opens_at
    is_note = case.is_service and entry.kind == "comment" and entry.organisation_kind == "service"
    audience = f"<span>{AUDIENCES[entry.audience]}</span>" if case.is_service and not was_undone else ""
    header = (
        f'<li class="wh-entry"><header>{NEW if entry.is_new else ""}<b>{"Note" if is_note else WORDS[entry.kind]}</b> <span>{at}</span> '
        f"<span>{escape(entry.author)}, {escape(entry.organisation)}</span> {audience}</header>"
    )
    if is_gone:
        return f"{header}{_gone(case, entry, at, was_undone)}</li>"
    return (
        f"{header}{_said(case, entry, files)}{_acts(case, entry, at)}{_change(case, entry, at) if is_note else ''}"
        f"{_basis(case, entry, at)}</li>"
    )


def _said(case: Case, entry: Entry, files: list[tuple[Any, ...]]) -> str:
    body = f'<p class="wh-said">{escape(entry.body)}</p>' if entry.body else ""
    hung = f"<ul>{''.join(f'<li><bdi>{escape(name)}</bdi></li>' for _, name in files)}</ul>" if files else ""
    is_letter = case.is_service and entry.kind == "letter"
    return f"{body}{hung}" + (f'<p><a href="{case.start}letters/">Letters of this case</a></p>' if is_letter else "")


def _acts(case: Case, entry: Entry, at: str) -> str:
    here, shown, opens_at = f"{case.start}entries/{entry.public_id}", "", driver.instant(entry.opens_at)
    waits = entry.audience == "shared" and opens_at > now()
    if waits:
        shown = f'<p class="wh-screen"><b>{case.readers} can read this from {clocktime(opens_at)}.</b></p>'
    if waits and entry.is_made:
        shown += (
            f'<form method="post" action="{here}/undo"><button>Undo<span>: take back what you wrote {at}</span></button>'
            f'</form><form method="post" action="{here}/share-now"><button>Share now<span> what you wrote {at}</span>'
            "</button></form>"
        )
    if entry.edited_at:
        edited = nztime(driver.instant(entry.edited_at))
        shown += f'<p>Edited {edited}. <a href="{here}/former-texts">What it said before<span>, {at}</span></a></p>'
    if entry.is_made:
        edit = f'<li><a href="{here}/text">Edit<span> what you wrote {at}</span></a></li>'
        retract = f'<li><a href="{here}/retraction">Retract<span> what you wrote {at}</span></a></li>'
        shown += f'<ul class="wh-links">{edit}{"" if waits else retract}</ul>'
    return shown


def _change(case: Case, entry: Entry, at: str) -> str:
    here = f"{case.start}entries/{entry.public_id}"
    return f'<p class="wh-screen"><a href="{here}/audience">Change who reads it<span>, note of {at}</span></a></p>'


def _basis(case: Case, entry: Entry, at: str) -> str:
    is_of_service = case.is_service and entry.organisation_kind == "service"
    if not is_of_service or entry.audience != "shared" or entry.kind == "comment":
        return ""
    here = f"{case.start}entries/{entry.public_id}/basis"
    return f'<p class="wh-screen"><a href="{here}">On what basis the school may read it<span>, {at}</span></a></p>'


def _gone(case: Case, entry: Entry, at: str, was_undone: bool) -> str:
    author, gone_at = escape(entry.author), driver.instant(entry.retracted_at)
    if not was_undone:
        return f"<p>Retracted by {author}, {nztime(gone_at)}.</p>"
    here = f"{case.start}entries/{entry.public_id}/former-texts"
    former = f' <a href="{here}">What you took back<span>, {at}</span></a>' if entry.is_made else ""
    return f"<p>{author} took this back before it was shared, {clocktime(gone_at)}.{former}</p>"
