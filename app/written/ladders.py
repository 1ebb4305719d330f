"""The ladders of letters of a service or a school, for who leads there: what they are, every version, and a new one (LET-1,
LET-2)."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.calendars.queries import present_term
from app.calendars.school_terms import TermOfYear
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.guards import needs
from app.letters.purposes import Purpose
from app.letters.school.ladders import begun_in
from app.letters.versions.actions import change_ladder, go_back_to_ours
from app.letters.versions.policy import can_change_ladders
from app.letters.versions.queries import LadderHere, ladder_for, ladders_for
from app.letters.versions.rules import LADDERS_OF, fault_of
from app.people.models import Kind
from app.written.ladder_forms import LadderForm, OursForm, filled, form_for

SAVED = {
    Kind.SERVICE: "Saved. Cases whose first letter is made from now on go by it; those that have begun stay with theirs until somebody moves them.",
    Kind.SCHOOL: "Saved. It holds from now on for students who have had no letter this term, and from next term on for everybody.",
}
BACK = {
    Kind.SERVICE: "Saved. Cases whose first letter is made from now on go by Waharoa’s ladder again; those that have begun stay with theirs.",
    Kind.SCHOOL: "Saved. Waharoa’s ladder holds again: from now on for students who have had no letter this term, and from next term on for everybody.",
}


@needs(can_change_ladders, on=ladders_for)
def ladders(found: list[LadderHere]) -> Response:
    return _show("ladders", ladders=found)


@needs(can_change_ladders, on=ladder_for)
def ladder(found: LadderHere) -> Response:
    return _page(found, filled(found.steps, found.number))


@needs(can_change_ladders, on=ladder_for)
def set_ladder(found: LadderHere) -> Response:
    form = form_for(found.purpose)(request.form)
    is_valid, steps = form.validate(), form.steps(found.purpose)
    form.mend(fault_of(steps))
    if not is_valid or form.errors:
        return _page(found, form, status=422)
    try:
        change_ladder(found.purpose, steps, (form.why.data or "").strip(), version=form.number, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(found, form, status=422)
    except Conflict as conflict:
        return _meanwhile(form, conflict, found.purpose)
    return done(SAVED[g.actor.organisation_kind], address())


@needs(can_change_ladders, on=ladder_for)
def ladder_ours(found: LadderHere) -> Response:
    return _ours_page(found, OursForm(data={"version": str(found.number)}))


@needs(can_change_ladders, on=ladder_for)
def set_ladder_ours(found: LadderHere) -> Response:
    form = OursForm(request.form)
    if not form.validate():
        return _ours_page(found, form, status=422)
    try:
        go_back_to_ours(found.purpose, (form.why.data or "").strip(), version=form.number, by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        return _ours_page(found, form, status=409 if isinstance(why, Conflict) else 422)
    return done(BACK[g.actor.organisation_kind], address())


def address() -> str:
    return f"/{request.blueprint}/settings/ladders/"


def _meanwhile(form: LadderForm, why: Conflict, purpose: Purpose) -> Response:
    """What was typed stays; what another lead made of it meanwhile stands above, and is replaced if this is saved again."""
    now = ladder_for(g.actor, purpose.lower())
    assert now is not None  # noqa: S101 (it was loaded before)
    form.form_errors.append(f"{why} Look at what it is now; if you save again, yours takes its place.")
    form.version.data = str(now.number)
    return _page(now, form, status=409)


def _page(found: LadderHere, form: LadderForm, *, status: int = 200) -> Response:
    return _show("ladder", found, status=status, form=form)


def _ours_page(found: LadderHere, form: OursForm, *, status: int = 200) -> Response:
    return _show("ladder_ours", found, status=status, form=form)


def _show(page: str, found: LadderHere | None = None, *, status: int = 200, **values: Any) -> Response:
    """`begun`: of a school, about how many students there are letters of this term, which the change does not touch."""
    on, is_school = LADDERS_OF[g.actor.organisation_kind], g.actor.organisation_kind is Kind.SCHOOL
    term = present_term(g.actor.organisation_id) if is_school else None
    values |= {"on": on, "is_school": is_school, "here": address(), "term": term, "begun": _begun(term)}
    return show(f"written/{page}.html", status=status, ladder=found, about=found and on[found.purpose], **values)


def _begun(term: TermOfYear | None) -> int:
    return begun_in(g.actor.organisation_id, term.code) if term else 0
