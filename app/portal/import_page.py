"""The page of one import of half-day marks, however it stands."""

from collections.abc import Iterator
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.codes import codes_on
from app.attendance.marks.actions import may_be_undone
from app.attendance.marks.comparing import HalfDay, changes_in
from app.attendance.marks.models import ImportState, ImportWay
from app.attendance.marks.queries import PAGE, Found, changed_weeks, is_at_work, refusals_of, weeks_in
from app.core import clock
from app.core.days import in_words
from app.core.db import AnyRow
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.forms import OnceForm
from app.core.web.parts import is_part_request

AT = "/portal/attendance/imports/"
CHANGED, REFUSED = "changed", "refused"
LONGEST_PLACE = 9
STATE_WORDS = {
    ImportState.READING: "Being read",
    ImportState.COLUMNS: "Say what the columns are",
    ImportState.REVIEW: "To look at",
    ImportState.KEEPING: "Being kept",
    ImportState.KEPT: "Kept",
    ImportState.UNDOING: "Being undone",
    ImportState.UNDONE: "Undone",
    ImportState.LEFT: "Thrown away",
    ImportState.REFUSED: "Not read",
}
STATE_COLOURS = {
    **dict.fromkeys((ImportState.COLUMNS, ImportState.REVIEW), "yellow"),
    ImportState.KEPT: "green",
    ImportState.REFUSED: "red",
}
WAY_WORDS = {ImportWay.BROWSER: "", ImportWay.COMMAND: "the operator", ImportWay.FOLDER: "the watched folder"}


def here(found: Found) -> str:
    return f"{AT}{found.brought.public_id}/"


def import_page(found: Found, form: OnceForm, *, status: int = 200) -> Response:
    """While the worker is at it only how far it is."""
    brought = found.brought
    at_work = is_at_work(brought)
    shown = request.args.get("show") or (CHANGED if brought.changed or not brought.refused else REFUSED)
    if not is_part_request():
        g.view = View("import of half-day marks", None)
    return show(
        "portal/imports/import.html",
        "portal/imports/_import.html",
        status=status,
        form=form,
        found=found,
        brought=brought,
        here=here(found),
        at=AT,
        at_work=at_work,
        weeks=weeks_in(brought) if at_work else 0,
        may_be_undone=may_be_undone(brought),
        said_before=in_words(clock.nz(found.kept_before).date()) if found.kept_before else "",
        states=STATE_WORDS,
        colours=STATE_COLOURS,
        ways=WAY_WORDS,
        **_listed(found, shown, [] if at_work else _rows(found, shown)),
    )


def _listed(found: Found, shown: str, rows: Any) -> dict[str, Any]:
    """A page of what changes, or of what is refused."""
    return {
        "shown": shown,
        "changes": list(_changes(rows[:PAGE])) if shown == CHANGED else [],
        "refusals": rows[:PAGE] if shown != CHANGED else [],
        "next_page": _next_page(found, shown, rows),
    }


def _rows(found: Found, shown: str) -> Any:
    """Of this page, and one more."""
    after = request.args.get("after", "")
    if shown == CHANGED:
        return changed_weeks(found.brought, after=after) if found.brought.changed else []
    place = int(after) if after.isdecimal() and len(after) <= LONGEST_PLACE else 0
    return refusals_of(found.brought, after=place)


def _next_page(found: Found, shown: str, rows: Any) -> str:
    if len(rows) <= PAGE:
        return ""
    last = rows[PAGE - 1]
    after = f"{last.public_id}+{last.monday}" if shown == CHANGED else last.place
    return f"{here(found)}?show={shown}&after={after}"


def _changes(rows: list[AnyRow]) -> Iterator[tuple[AnyRow, HalfDay, str, str]]:
    """Half-day by half-day, with what both codes mean."""
    for row in rows:
        for each in changes_in(row.monday, row.before, row.told):
            yield row, each, _meaning(each, each.was), _meaning(each, each.becomes)


def _meaning(of: HalfDay, letter: str) -> str:
    code = codes_on(of.day).get(letter)
    return code.meaning if code else ""
