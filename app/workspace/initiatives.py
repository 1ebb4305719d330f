"""What a service does for schools and groups, beside its cases: listed, written down, changed, printed (P15, MEAS-6)."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.services.rules import in_words
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.guards import needs, open_to
from app.initiatives.actions import add_initiative, change_initiative
from app.initiatives.models import InitiativeState
from app.initiatives.queries import (
    BETWEEN,
    PAGE,
    ROLES,
    InitiativeFound,
    groups_asked,
    initiative_for,
    initiatives_for,
)
from app.initiatives.rules import STATE_WORDS, InitiativeFacts, fault_of, label_of
from app.people.catchments.queries import schools_served
from app.people.queries import Actor
from app.workspace.blueprint import bp
from app.workspace.initiative_form import LABELS, InitiativeForm, filled
from app.written.meanwhile import Changed, Texts

HERE = "/workspace/initiatives/"


def can_see_initiative(actor: Actor, found: InitiativeFound) -> bool:
    """Whoever works cases at the service reads what it does for schools and groups, and writes it down."""
    return True


@bp.get("/initiatives/")
@open_to(*ROLES)
def initiatives() -> Response:
    """The latest first; and what schools asked for that is none yet."""
    chosen = [state for state in InitiativeState if state in request.args.getlist("state")]
    after, school = request.args.get("after", ""), request.args.get("school", "")
    found = initiatives_for(g.actor, states=chosen or tuple(InitiativeState), school=school, after=after)
    return show(
        "workspace/initiatives.html",
        initiatives=[(row, sorted((row.schools or "").split(BETWEEN))) for row in found[:PAGE]],
        has_more=len(found) > PAGE,
        asked=[] if request.args else [(row, in_words(row.thing)) for row in groups_asked(g.actor)],
        chosen=chosen,
        states=InitiativeState,
        state_words=STATE_WORDS,
        kind_words=label_of,
    )


@bp.get("/initiatives/new")
@open_to(*ROLES)
def new_initiative() -> Response:
    """Empty; or with the school that asked for support, and the group it said."""
    asked = next((row for row in groups_asked(g.actor) if row.number == request.args.get("school")), None)
    values = {"schools": [asked.number], "group": in_words(asked.thing).partition(":")[0]} if asked else {}
    form = InitiativeForm(data=values)
    form.offer(schools_served(g.actor.organisation_id))
    return _form_page(form, asked=f"{asked.name} asked for support for {in_words(asked.thing)}." if asked else "")


@bp.post("/initiatives/new")
@open_to(*ROLES)
def add_new_initiative() -> Response:
    form = InitiativeForm(request.form)
    form.offer(schools_served(g.actor.organisation_id))
    try:
        if not _is_in_order(form):
            return _form_page(form, status=422)
        made = add_initiative(form.facts(), by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _form_page(form, status=422)
    return done("The initiative was added. Your service alone sees it.", f"{HERE}{made.public_id}")


@bp.get("/initiatives/<public_id>")
@needs(can_see_initiative, on=initiative_for)
def initiative(found: InitiativeFound) -> Response:
    """All that is said of it, as it is printed."""
    return show("workspace/initiative.html", found=found, labels=LABELS)


@bp.get("/initiatives/<public_id>/change")
@needs(can_see_initiative, on=initiative_for)
def initiative_change(found: InitiativeFound) -> Response:
    return _change_page(found, filled(found.facts))


@bp.post("/initiatives/<public_id>/change")
@needs(can_see_initiative, on=initiative_for)
def set_initiative(found: InitiativeFound) -> Response:
    """Other facts; where somebody else changed them meanwhile, both are shown."""
    form = InitiativeForm(request.form)
    form.offer(_offered(found), is_kind=found.facts.kind)
    if not _is_in_order(form, was_kind=found.facts.kind):
        return _change_page(found, form, status=422)
    facts, version = form.facts(), form.version.data or ""
    try:
        is_new = change_initiative(found.initiative.id, facts, version=version, by=g.actor)
    except Conflict:
        return _both(found, facts, version)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _change_page(found, form, status=422)
    said = "Saved." if is_new else "It says that already. Nothing changed."
    return done(said, f"{HERE}{found.initiative.public_id}")


def _is_in_order(form: InitiativeForm, *, was_kind: str = "") -> bool:
    is_valid = form.validate()
    faults = fault_of(form.facts(), clock.today(), was_kind=was_kind) if not form.state.errors else {}
    form.mend(faults)
    return is_valid and not faults


def _both(found: InitiativeFound, typed: InitiativeFacts, version: str) -> Response:
    """Nothing was written: what the other one changed is shown, and stands in the form but for what was changed here."""
    texts = Texts(version, found.facts.texts, typed.texts)
    merged = InitiativeFacts(**texts.merged(found.facts.values, typed.values))
    return _change_page(found, filled(merged, version=texts.next_version), meanwhile=texts.changed(LABELS), status=409)


def _offered(found: InitiativeFound) -> list[Any]:
    """The schools that the service serves, and those that take part though it serves them no more."""
    served = schools_served(g.actor.organisation_id)
    known = {each.number for each in served}
    return [*served, *(each for each in found.facts.schools if each.number not in known)]


def _change_page(
    found: InitiativeFound, form: InitiativeForm, *, meanwhile: list[Changed] | None = None, status: int = 200
) -> Response:
    form.offer(_offered(found), is_kind=found.facts.kind)
    return _form_page(form, found, meanwhile=meanwhile or [], status=status)


def _form_page(
    form: InitiativeForm,
    found: InitiativeFound | None = None,
    *,
    asked: str = "",
    meanwhile: list[Changed] | None = None,
    status: int = 200,
) -> Response:
    return show(
        "workspace/initiative_form.html",
        status=status,
        form=form,
        found=found,
        asked=asked,
        meanwhile=meanwhile or [],
    )
