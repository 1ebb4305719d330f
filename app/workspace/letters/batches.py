"""Batches of letters: those there are, and a new one by a rule or from cases that are ticked (L6)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.figures import counted
from app.core.seen import View
from app.core.web.answers import done, elsewhere, show
from app.core.web.guards import open_to
from app.letters.batches.actions import choose
from app.letters.batches.choosing import TICKS, to_tick
from app.letters.batches.queries import PAGE, WRITERS, batches_for
from app.letters.batches.rules import MOST, PURPOSE_WORDS, RULE_WORDS, STATE_WORDS, Rule
from app.letters.purposes import Purpose
from app.workspace.blueprint import bp
from app.workspace.letters.batch_forms import ChoosingForm, TickingForm

HERE = "/workspace/letters/batches/"
MORE = f"There would be more: a batch has {MOST} letters at most. Make these, and then choose again."
NOT_READY = "{} that would be due, and not ready, stand on no line: a list has only so many of them."
CHOSEN = "Look through the list. Nothing is made before you say so."


@bp.get("/letters/batches/")
@open_to(*WRITERS)
def batches() -> Response:
    """Newest first."""
    found = batches_for(g.actor, before=request.args.get("before", ""))
    g.view = View("batches of letters", None)
    return show(
        "workspace/letters/batches.html",
        batches=found[:PAGE],
        has_more=len(found) > PAGE,
        rules=RULE_WORDS,
        purposes=PURPOSE_WORDS,
        states=STATE_WORDS,
    )


@bp.get("/letters/batches/new")
@open_to(*WRITERS)
def new_batch() -> Response:
    return _new_page(ChoosingForm(data={"purpose": Purpose.CA}))


@bp.post("/letters/batches/new")
@open_to(*WRITERS)
def add_batch() -> Response:
    """A list of whoever the rule finds; cases that are ticked are ticked on a page of their own."""
    form = ChoosingForm(request.form)
    if not form.validate():
        return _new_page(form, status=422)
    purpose, rule = Purpose(form.purpose.data), Rule(form.rule.data)
    if rule is Rule.TICKED:
        return elsewhere(f"{HERE}ticked?purpose={purpose}")
    try:
        return _chosen(purpose, rule, [])
    except Refused as refused:
        form.rule.errors = [refused.why]
        return _new_page(form, status=422)


@bp.get("/letters/batches/ticked")
@open_to(*WRITERS)
def cases_to_tick() -> Response:
    return _ticking_page(TickingForm())


@bp.post("/letters/batches/ticked")
@open_to(*WRITERS)
def add_batch_of_ticked() -> Response:
    form, numbers = TickingForm(request.form), list(dict.fromkeys(request.form.getlist("case")))[:TICKS]
    is_valid = form.validate()
    form.case.errors = [] if numbers else ["Tick the cases first"]
    if not is_valid or not numbers:
        return _ticking_page(form, status=422)
    try:
        return _chosen(_purpose(), Rule.TICKED, numbers)
    except Refused as refused:
        form.case.errors = [refused.why]
        return _ticking_page(form, status=422)


def _chosen(purpose: Purpose, rule: Rule, numbers: list[str]) -> Response:
    batch, found = choose(purpose, rule, numbers, by=g.actor)
    said = [f"{counted(len(found.lines), 'line')} found.", MORE if found.has_more else CHOSEN]
    if found.more_not_ready:
        said.append(NOT_READY.format(counted(found.more_not_ready, "more letter")))
    return done(" ".join(said), f"{HERE}{batch.public_id}/")


def _purpose() -> Purpose:
    asked = request.args.get("purpose", "")
    return Purpose(asked) if asked in PURPOSE_WORDS else Purpose.CA


def _new_page(form: ChoosingForm, *, status: int = 200) -> Response:
    return show("workspace/letters/batch_new.html", status=status, form=form)


def _ticking_page(form: TickingForm, *, status: int = 200) -> Response:
    purpose = _purpose()
    found = to_tick(g.actor, purpose, after=request.args.get("after", ""))
    g.view = View("cases to tick for letters", None)
    return show(
        "workspace/letters/batch_ticking.html",
        status=status,
        form=form,
        purpose=purpose,
        purposes=PURPOSE_WORDS,
        cases=found[:TICKS],
        has_more=len(found) > TICKS,
        ticked=form.case.data or [],
    )
