"""Likely matches: two records that may be one student, put to a lead; to an investigator while no service has either (REQ-10)."""

from collections.abc import Callable

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs, open_to
from app.people.models import Role
from app.referrals.matches import actions
from app.referrals.matches.policy import can_decide
from app.referrals.matches.queries import PAGE, match_for, matches_for
from app.referrals.models import LikelyMatch

AGAIN = "This was said already. Nothing changed."


@open_to(Role.WORKFLOW_LEAD, Role.INVESTIGATOR)
def matches() -> Response:
    """What waits, with what decides."""
    g.view = View("likely matches", None)
    return _page(OnceForm())


@needs(can_decide, on=match_for)
def confirm_match(match: LikelyMatch) -> Response:
    """One student: one case goes on."""
    return _decided(
        match,
        actions.same_student,
        "One student, then, with one record and one case. The school is told where its request goes on.",
    )


@needs(can_decide, on=match_for)
def part_match(match: LikelyMatch) -> Response:
    """Two students: two cases."""
    return _decided(match, actions.not_the_same, "Two students, then. Each keeps their case.")


def _decided(match: LikelyMatch, decide: Callable[..., bool], said: str) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        is_new = decide(match, by=g.actor)
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        return _page(form, status=409)
    return done(said if is_new else AGAIN, _here())


def _here() -> str:
    return f"/{request.blueprint}/matches/"


def _page(form: OnceForm, *, status: int = 200) -> Response:
    found = matches_for(g.actor, after=request.args.get("after", ""))
    return show(
        "written/matches.html", status=status, matches=found[:PAGE], has_more=len(found) > PAGE, form=form, here=_here()
    )
