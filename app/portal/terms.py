"""The terms of which the school sent marks; one that is over is confirmed, and taken back (ATT-4)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.tallies.actions import confirm_term, take_back_confirmation
from app.attendance.tallies.listing import TermOfSchool, term_for, terms_for
from app.attendance.tallies.policy import CONFIRMERS, can_confirm_term
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs, open_to
from app.portal.blueprint import bp

HERE = "/portal/attendance/terms"
SENT_BEFORE = "Nothing was changed: this page was sent before."


@bp.get("/attendance/terms")
@open_to(*CONFIRMERS)
def terms_with_marks() -> Response:
    """With what is left to be marked, and as of when."""
    return show("portal/terms.html", terms=terms_for(g.actor))


@bp.post("/attendance/terms/<int:term>/confirmation")
@needs(can_confirm_term, on=term_for)
def confirm(found: TermOfSchool) -> Response:
    if not OnceForm(request.form).validate():
        return done(SENT_BEFORE, HERE)
    confirm_term(found, by=g.actor)
    return done(f"{found.words} is confirmed. Pages and letters say so.", HERE)


@bp.post("/attendance/terms/<int:term>/taking-back")
@needs(can_confirm_term, on=term_for)
def take_back(found: TermOfSchool) -> Response:
    if not OnceForm(request.form).validate():
        return done(SENT_BEFORE, HERE)
    take_back_confirmation(found, by=g.actor)
    return done(f"{found.words} is provisional again.", HERE)
