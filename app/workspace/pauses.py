"""A pause for another reason: asked for from a case, approved or refused by a workflow lead (CASE-7)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from app.cases.pauses.actions import ANOTHER, ENDED, approve_pause, ask_for_pause, refuse_pause, withdraw_pause
from app.cases.pauses.models import PauseState
from app.cases.pauses.policy import can_ask, can_decide, can_look, can_withdraw
from app.cases.pauses.queries import PauseOfCase, pause_for, pauses_on
from app.cases.pauses.rules import (
    LONGEST,
    NO_WHY,
    STATE_WORDS,
    can_pause,
    fault_of_review,
    latest_review,
    review_days,
)
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.forms import DayField, OnceForm, Required
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case

TOO_LONG = f"Make this shorter, {LONGEST:,} characters at most"


class PauseForm(OnceForm):
    """Why, and until when."""

    why = TextAreaField(
        "Why should it be on hold?", validators=[Required(NO_WHY), Length(max=LONGEST, message=TOO_LONG)]
    )
    review_on = DayField("When is it looked at again?", required="Write the day")


class RefusalForm(OnceForm):
    why = TextAreaField(
        "Why is it not put on hold?", validators=[Required(NO_WHY), Length(max=LONGEST, message=TOO_LONG)]
    )


@bp.get("/cases/<number>/pause")
@needs(can_look, on=case_for, log="pause")
def pause(head: CaseHead) -> Response:
    """The one that waits, or the form; and what became of others."""
    return _page(head)


@bp.post("/cases/<number>/pause")
@needs(can_ask, on=case_for)
def ask_pause(head: CaseHead) -> Response:
    if head.pause_waiting:
        raise Conflict(ANOTHER, "There is one already")
    form = PauseForm(request.form)
    day = form.review_on.data if form.validate() else None
    if day is None or not _is_possible(form, day, head):
        return _page(head, form, status=422)
    ask_for_pause(head, day, (form.why.data or "").strip(), by=g.actor)
    return done("The pause is asked for. Until a workflow lead approves it, the case goes on as it is.", _here(head))


@bp.post("/cases/<number>/pause/<public_id>/approval")
@needs(can_decide, on=pause_for)
def approve_asked_pause(of: PauseOfCase) -> Response:
    approve_pause(of, by=g.actor)
    said = "The case is on hold, and whoever follows it is told. You are reminded on the day of the review."
    return done(said, f"/workspace/cases/{of.head.number}/")


@bp.post("/cases/<number>/pause/<public_id>/refusal")
@needs(can_decide, on=pause_for)
def refuse_asked_pause(of: PauseOfCase) -> Response:
    form = RefusalForm(request.form)
    if of.pause.state is not PauseState.ASKED:
        raise Conflict(ENDED)
    if not form.validate():
        return _page(of.head, form, status=422)
    refuse_pause(of, (form.why.data or "").strip(), by=g.actor)
    return done("Refused. Whoever has the case is told, and reads why.", _here(of.head))


@bp.post("/cases/<number>/pause/<public_id>/withdrawal")
@needs(can_withdraw, on=pause_for)
def withdraw_asked_pause(of: PauseOfCase) -> Response:
    withdraw_pause(of, by=g.actor)
    return done("The pause is not asked for any more. The case goes on as it is.", _here(of.head))


def _is_possible(form: PauseForm, day: date, head: CaseHead) -> bool:
    fault = fault_of_review(day, clock.today(), head.region, head.born_on)
    form.review_on.errors = [fault] if fault else []
    return not fault


def _page(head: CaseHead, form: OnceForm | None = None, *, status: int = 200) -> Response:
    pauses: Sequence[Any] = pauses_on(head)
    waiting = next((row for row in pauses if row[0].state is PauseState.ASKED), None)
    of = PauseOfCase(head, waiting[0], waiting.asked_by, waiting.has_one_lead) if waiting else None
    return show_case(
        "workspace/pause.html",
        head=head,
        status=status,
        form=form or (RefusalForm() if waiting else PauseForm()),
        waiting=waiting,
        can_decide=bool(of and can_decide(g.actor, of)),
        can_ask=can_pause(head.status) and bool(head.has_other_pauses),
        past=[row for row in pauses if row is not waiting],
        states=STATE_WORDS,
        last=latest_review(clock.today(), head.region, head.born_on),
        days=review_days(),
    )


def _here(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/pause"
