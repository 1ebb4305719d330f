"""All that a case manager has goes to others (P12, CASE-9): who takes each case, and what they should know. What is written is
kept as it is written, so it can be gone on with."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.cases.assignment.actions import GONE_MEANWHILE
from app.cases.handovers.actions import Given, hand_over, save_handover
from app.cases.handovers.queries import Held, held_by
from app.cases.handovers.rules import MOST, STAYS, fault_of
from app.core.errors import Conflict, Refused
from app.core.figures import counted
from app.core.seen import View
from app.core.text import nfc
from app.core.web.answers import done, kept, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.writes import Sent
from app.workspace.blueprint import bp
from app.workspace.caseloads import HERE, Colleague, can_spread, colleague_for

NOTE = "note-"
"""Before the number of a case: what is written for it."""
NONE: Mapping[str, str] = MappingProxyType({})
OVERTAKEN = (
    "{number}: somebody else has it by now, or it is closed. What you wrote for it stands at the end of this page."
)


class HandoverForm(OnceForm):
    """Who takes all those cases for which nobody else is chosen; the cases themselves are read beside it."""

    to = SelectField("Who takes them?", validate_choice=False)


@bp.get("/caseloads/<public_id>/handover")
@needs(can_spread, on=colleague_for)
def handover(colleague: Colleague) -> Response:
    """Each case that stands there was looked at: its student, and when they were met last (PRIV-1)."""
    rows = held_by(g.actor, colleague.able.id)
    first, *more = [row.head.case_id for row in rows[:MOST]] or [None]
    g.view = View("handover", first, tuple(more))
    return _page(colleague, HandoverForm(), rows)


@bp.post("/caseloads/<public_id>/handover/unsent")
@needs(can_spread, on=colleague_for, sent=Sent.REPEATS)
def save_handovers(colleague: Colleague) -> Response:
    """As far as it is written."""
    key = request.form.get("once", "")[:64]
    for was in held_by(g.actor, colleague.able.id):
        now = _typed(was)
        save_handover(was, now.note, now.to, key=key, by=g.actor)
    said, here = "Saved. Nothing is handed over yet.", f"{colleague.address}handover"
    return kept(said, here, "workspace/handover.html", "workspace/_handover_kept.html")


@bp.post("/caseloads/<public_id>/handover")
@needs(can_spread, on=colleague_for)
def set_handover(colleague: Colleague) -> Response:
    """Only what stood on the page that was sent: of a case that came since then nobody has read what would be handed over."""
    form, rows = HandoverForm(request.form), [_typed(was) for was in held_by(g.actor, colleague.able.id)]
    able = {each.public_id: each.id for each in colleague.others}
    unheld, rows, most = _unheld(rows), rows[:MOST], form.to.data or ""
    sent = [row for row in rows if NOTE + row.head.number in request.form]
    faults = [fault_of(row.head.number, row.note, row.to or most, frozenset(able)) for row in sent]
    faults.extend(OVERTAKEN.format(number=number) for number in unheld)
    if not form.validate() or any(faults):
        form.form_errors.extend([fault for fault in faults if fault])
        return _page(colleague, form, rows, unheld, status=422)
    given = [Given(row.head, able[to], row.note) for row in sent if (to := row.to or most) != STAYS]
    try:
        count, gone = hand_over(colleague.able.id, given, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(colleague, form, rows, status=422)
    except Conflict:
        return _overtaken(colleague, form)
    return done(_said(count, gone), HERE)


def _overtaken(colleague: Colleague, form: HandoverForm) -> Response:
    """In the same moment: what is theirs still stands there, and what was written for the others at the end."""
    rows = [_typed(was) for was in held_by(g.actor, colleague.able.id)]
    unheld = _unheld(rows)
    form.form_errors.extend([GONE_MEANWHILE, *(OVERTAKEN.format(number=number) for number in unheld)])
    return _page(colleague, form, rows, unheld, status=409)


def _typed(was: Held) -> Held:
    """As the form has it; what it does not hold stays."""
    number = was.head.number
    note, to = request.form.get(NOTE + number), request.form.get(f"to-{number}")
    as_kept = was.note if note is None else nfc(note.replace("\r\n", "\n"))
    return replace(was, note=as_kept, to=was.to if to is None else to)


def _unheld(rows: list[Held]) -> dict[str, str]:
    """What was written for cases that they have no more, by number: it is shown again, and nothing of it is lost in silence."""
    held = {NOTE + row.head.number for row in rows}
    return {
        name.removeprefix(NOTE): text
        for name, text in request.form.items()
        if name.startswith(NOTE) and name not in held and text.strip()
    }


def _said(count: int, gone: list[str]) -> str:
    told = f"{counted(count, 'case')} handed over, each with its note and its tasks. Everybody whom it concerns is told once."
    left = f" Not handed over: {', '.join(gone)}. Somebody else has it by now, or it is closed." if gone else ""
    return (told if count else "Nothing was handed over.") + left


def _page(
    colleague: Colleague, form: HandoverForm, rows: list[Held], unheld: Mapping[str, str] = NONE, *, status: int = 200
) -> Response:
    names = {each.public_id: f"{each.name}: {each.has}" for each in colleague.others}
    form.to.choices = {"": "Choose somebody"} | names
    return show(
        "workspace/handover.html",
        status=status,
        colleague=colleague,
        form=form,
        rows=rows[:MOST],
        unheld=unheld,
        has_more=len(rows) > MOST,
        stays=STAYS,
    )
