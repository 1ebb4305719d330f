"""The privacy statement while a request is being written: to print, and when it was given (PRIV-5)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.web.answers import done, show
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.referrals import policy
from app.referrals.queries import Request, kept_request_for
from app.students.privacy.actions import mark_given
from app.students.privacy.queries import statements_given
from app.written.statement import NOTED, NOTED_BEFORE, GivenForm


@bp.get("/referrals/<public_id>/privacy")
@needs(policy.can_edit, on=kept_request_for)
def request_statement(found: Request) -> Response:
    return _page(found, GivenForm(data={"given_on": clock.today()}))


@bp.post("/referrals/<public_id>/privacy")
@needs(policy.can_edit, on=kept_request_for)
def set_request_statement(found: Request) -> Response:
    form = GivenForm(request.form)
    if (day := form.day()) is None:
        return _page(found, form, status=422)
    is_new = mark_given(found.referral.student_id, day, by=g.actor)
    return done(NOTED if is_new else NOTED_BEFORE, f"/portal/referrals/{found.referral.public_id}/")


def _page(found: Request, form: GivenForm, *, status: int = 200) -> Response:
    given = statements_given(found.referral.student_id, [g.actor.organisation_id])
    return show("portal/statement.html", status=status, found=found, form=form, given=given)
