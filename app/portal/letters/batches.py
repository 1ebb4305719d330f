"""A new batch of a school's letters, by a rule or about students who are ticked (L6, L10)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField

from app.core.errors import Refused
from app.core.seen import View
from app.core.web.answers import elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.letters.batches.rules import Rule, choices_of, purpose_of
from app.letters.purposes import Purpose
from app.letters.school.ladders import present_of
from app.letters.school.listing import PAGE, students_past
from app.letters.school.policy import WRITERS
from app.letters.school.queries import students_on_roll
from app.letters.school.rules import days_in_words
from app.portal.blueprint import bp
from app.written.batches.listing import chosen
from app.written.batches.places import batches_address

MOST_TICKED = 100


class ChoosingForm(OnceForm):
    """By which rule."""

    rule = RadioField("To whom?", validate_choice=False)

    def offer(self) -> None:
        self.rule.choices = choices_of({step.number: step.days for step in present_of(g.actor.organisation_id).steps})

    def is_chosen(self) -> bool:
        is_known = self.rule.data in self.rule.choices
        self.rule.errors = [] if is_known else ["Choose to whom letters go"]
        return is_known


class TickingForm(OnceForm):
    """Students who were ticked."""

    student = SelectMultipleField("Students", choices=[], validate_choice=False)


@bp.get("/letters/batches/new")
@open_to(*WRITERS)
def new_batch() -> Response:
    asked = request.args.get("rule", "")
    return _new_page(ChoosingForm(data={"rule": asked or Rule.DUE}))


@bp.post("/letters/batches/new")
@open_to(*WRITERS)
def add_batch() -> Response:
    """A list of whoever the rule finds; students who are ticked are ticked on a page of their own."""
    form = ChoosingForm(request.form)
    form.offer()
    is_valid = form.validate()
    if not form.is_chosen() or not is_valid:
        return _new_page(form, status=422)
    rule = Rule(form.rule.data)
    if rule is Rule.STUDENTS:
        return elsewhere(f"{batches_address()}ticked")
    try:
        return chosen(purpose_of(rule), rule)
    except Refused as refused:
        form.rule.errors = [refused.why]
        return _new_page(form, status=422)


@bp.get("/letters/batches/ticked")
@open_to(*WRITERS)
def students_to_tick() -> Response:
    return _ticking_page(TickingForm())


@bp.post("/letters/batches/ticked")
@open_to(*WRITERS)
def add_batch_of_ticked() -> Response:
    form, ticked = TickingForm(request.form), list(dict.fromkeys(request.form.getlist("student")))[:MOST_TICKED]
    is_valid = form.validate()
    form.student.errors = [] if ticked else ["Tick the students first"]
    if not is_valid or not ticked:
        return _ticking_page(form, status=422)
    try:
        return chosen(Purpose.SCHOOL, Rule.STUDENTS, ticked)
    except Refused as refused:
        form.student.errors = [refused.why]
        return _ticking_page(form, status=422)


def _new_page(form: ChoosingForm, *, status: int = 200) -> Response:
    form.offer()
    return show("portal/letters/batch_new.html", status=status, form=form, at=batches_address())


def _ticking_page(form: TickingForm, *, status: int = 200) -> Response:
    """Those past a step, who has missed most first."""
    rows = students_past(g.actor, present_of(g.actor.organisation_id), after=request.args.get("after", ""))
    heads = students_on_roll(g.actor, [row.id for row in rows[:PAGE]])
    g.view = View("students to tick for letters", None)
    return show(
        "portal/letters/batch_ticking.html",
        status=status,
        form=form,
        students=[(heads[row.id], days_in_words(row.half_days)) for row in rows[:PAGE] if row.id in heads],
        has_more=len(rows) > PAGE,
        ticked=form.student.data or [],
        at=batches_address(),
    )
