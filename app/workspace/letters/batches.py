"""A new batch of letters on a service's cases, by a rule or from cases that are ticked (L6)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import AnyOf

from app.core.errors import Refused
from app.core.seen import View
from app.core.web.answers import elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.letters.batches.of_cases import TICKS, to_tick
from app.letters.batches.policy import OF_SERVICES
from app.letters.batches.rules import OF_CASES, PURPOSE_WORDS, PURPOSES_OF_CASES, RULE_WORDS, Rule
from app.letters.purposes import Purpose
from app.workspace.blueprint import bp
from app.written.batches.listing import chosen
from app.written.batches.places import batches_address

PURPOSES = {purpose: PURPOSE_WORDS[purpose] for purpose in PURPOSES_OF_CASES}
RULES = {rule: RULE_WORDS[rule] for rule in OF_CASES}


class ChoosingForm(OnceForm):
    """For what, and by which rule."""

    purpose = RadioField(
        "Letters about what?",
        choices=dict(PURPOSES),
        validators=[AnyOf([*PURPOSES], message="Choose what the letters are about")],
        validate_choice=False,
    )
    rule = RadioField(
        "To whom?",
        choices=dict(RULES),
        validators=[AnyOf([*RULES], message="Choose to whom letters go")],
        validate_choice=False,
    )


class TickingForm(OnceForm):
    """Cases that were ticked."""

    case = SelectMultipleField("Cases", choices=[], validate_choice=False)


@bp.get("/letters/batches/new")
@open_to(*OF_SERVICES)
def new_batch() -> Response:
    return _new_page(ChoosingForm(data={"purpose": Purpose.CA}))


@bp.post("/letters/batches/new")
@open_to(*OF_SERVICES)
def add_batch() -> Response:
    """A list of whoever the rule finds; cases that are ticked are ticked on a page of their own."""
    form = ChoosingForm(request.form)
    if not form.validate():
        return _new_page(form, status=422)
    purpose, rule = Purpose(form.purpose.data), Rule(form.rule.data)
    if rule is Rule.TICKED:
        return elsewhere(f"{batches_address()}ticked?purpose={purpose}")
    try:
        return chosen(purpose, rule)
    except Refused as refused:
        form.rule.errors = [refused.why]
        return _new_page(form, status=422)


@bp.get("/letters/batches/ticked")
@open_to(*OF_SERVICES)
def cases_to_tick() -> Response:
    return _ticking_page(TickingForm())


@bp.post("/letters/batches/ticked")
@open_to(*OF_SERVICES)
def add_batch_of_ticked() -> Response:
    form, numbers = TickingForm(request.form), list(dict.fromkeys(request.form.getlist("case")))[:TICKS]
    is_valid = form.validate()
    form.case.errors = [] if numbers else ["Tick the cases first"]
    if not is_valid or not numbers:
        return _ticking_page(form, status=422)
    try:
        return chosen(_purpose(), Rule.TICKED, numbers)
    except Refused as refused:
        form.case.errors = [refused.why]
        return _ticking_page(form, status=422)


def _purpose() -> Purpose:
    asked = request.args.get("purpose", "")
    return Purpose(asked) if asked in PURPOSES else Purpose.CA


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
        purposes=PURPOSES,
        cases=found[:TICKS],
        has_more=len(found) > TICKS,
        ticked=form.case.data or [],
    )
