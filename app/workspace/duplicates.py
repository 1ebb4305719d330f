"""Records that may be one student: listed, put side by side, merged by two people, and parted again (P18, CASE-18)."""

from collections.abc import Callable

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length

from app.core.errors import Conflict, Refused
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.people.models import Role
from app.referrals.duplicates import actions
from app.referrals.duplicates.listing import PAGE, duplicates_for
from app.referrals.duplicates.policy import can_compare, can_decide, can_see_merge, can_undo
from app.referrals.duplicates.queries import Merge, merge_for, merges_for, pair_for
from app.referrals.duplicates.rules import LONGEST, NO_WHY, Pair
from app.workspace.blueprint import bp

LIST = "/workspace/students/duplicates/"
TOO_LONG = f"Make this shorter, {LONGEST:,} characters at most"
AGAIN = "That was said already. Nothing changed."


class TwoForm(OnceForm):
    """Why they are two."""

    why = TextAreaField("Why", validators=[Required(NO_WHY), Length(max=LONGEST, message=TOO_LONG)])


class MergeForm(TwoForm):
    """Which record goes into the other. None is preselected."""

    goes = RadioField(
        "Which record goes into the other?", validators=[Required("Say which record goes into the other")]
    )


@bp.get("/students/duplicates/")
@open_to(Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
def duplicates() -> Response:
    """What waits for a second person, what was merged lately, and what nobody has looked at."""
    g.view = View("duplicates", None)
    found = duplicates_for(g.actor, after=request.args.get("after", ""))
    merges = merges_for(g.actor)
    return show("workspace/duplicates.html", pairs=found[:PAGE], has_more=len(found) > PAGE, merges=merges)


@bp.get("/students/duplicates/<one>/<other>")
@needs(can_compare, on=pair_for)
def duplicate(pair: Pair) -> Response:
    """Both, side by side."""
    g.view = _view(pair)
    return _compared(pair, _form(pair))


@bp.post("/students/duplicates/<one>/<other>/merge")
@needs(can_compare, on=pair_for)
def propose_merging(pair: Pair) -> Response:
    form = _form(pair)
    if not form.validate():
        return _compared(pair, form, status=422)
    goes = pair.earlier if form.goes.data == "earlier" else pair.later
    try:
        merge = actions.propose_merge(pair, goes, why=form.why.data or "", by=g.actor)
    except (Refused, Conflict) as fault:
        form.form_errors.append(getattr(fault, "why", str(fault)))
        return _compared(pair, form, status=409)
    return done("Proposed. A second person confirms it; until then both records stay as they are.", _address(merge))


@bp.post("/students/duplicates/<one>/<other>/two")
@needs(can_compare, on=pair_for)
def two_students(pair: Pair) -> Response:
    """Two students: which goes where is not asked."""
    form, answer = _form(pair), TwoForm(request.form)
    try:
        if answer.validate():
            actions.say_two(pair, why=answer.why.data or "", by=g.actor)
            return done("Two students, then. They are not listed here any more.", LIST)
    except (Refused, Conflict) as fault:
        answer.form_errors.append(getattr(fault, "why", str(fault)))
    form.why.errors, form.form_errors = answer.why.errors, answer.form_errors
    return _compared(pair, form, status=422)


@bp.get("/students/merges/<public_id>")
@needs(can_see_merge, on=merge_for)
def two_records(found: Merge) -> Response:
    """What was proposed, by whom and why; and what became of it."""
    g.view = _view(found.pair)
    return _merge_page(found, TwoForm())


@bp.post("/students/merges/<public_id>/confirmation")
@needs(can_decide, on=merge_for)
def confirm_merging(found: Merge) -> Response:
    said = "Merged. Cases and everything with them stand with one record; it can be undone here."
    return _decided(found, OnceForm(request.form), said, actions.confirm_merge)


@bp.post("/students/merges/<public_id>/refusal")
@needs(can_decide, on=merge_for)
def refuse_merging(found: Merge) -> Response:
    form = TwoForm(request.form)
    said = "Two students, then. Both records stay as they are."
    return _decided(found, form, said, actions.refuse_merge, answer=form.why.data or "")


@bp.post("/students/merges/<public_id>/undoing")
@needs(can_undo, on=merge_for)
def undo_merging(found: Merge) -> Response:
    said = "Undone: each record has again what was its own."
    return _decided(found, OnceForm(request.form), said, actions.undo_merge)


def _view(pair: Pair) -> View:
    """Each case of either that is shown says that it was (PRIV-1)."""
    first, *more = [case.id for record in pair.records for case in record.cases] or [None]
    return View("two records side by side", first, tuple(more))


def _decided(found: Merge, form: OnceForm, said: str, decide: Callable[..., bool], **more: str) -> Response:
    if not form.validate():
        return _merge_page(found, form, status=422)
    try:
        is_new = decide(found, by=g.actor, **more)
    except (Refused, Conflict) as fault:
        form.form_errors.append(getattr(fault, "why", str(fault)))
        return _merge_page(found, form, status=409)
    return done(said if is_new else AGAIN, LIST)


def _form(pair: Pair) -> MergeForm:
    form = MergeForm(request.form)
    choices = {
        "later": (pair.later, "Record B goes into record A"),
        "earlier": (pair.earlier, "Record A goes into record B"),
    }
    form.goes.choices = [(code, words) for code, (record, words) in choices.items() if record in pair.may_go]
    return form


def _compared(pair: Pair, form: MergeForm, *, status: int = 200) -> Response:
    return show("workspace/duplicate.html", status=status, pair=pair, form=form)


def _merge_page(found: Merge, form: OnceForm, *, status: int = 200) -> Response:
    return show(
        "workspace/merge.html",
        status=status,
        merge=found,
        pair=found.pair,
        form=form,
        can_decide=can_decide(g.actor, found),
        can_undo=can_undo(g.actor, found),
    )


def _address(merge: object) -> str:
    return f"/workspace/students/merges/{getattr(merge, 'public_id', '')}"
