"""A request that nobody has taken up is withdrawn (REQ-1)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.errors import Conflict
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.referrals import policy
from app.referrals.queries import Request, request_for, sent_request
from app.referrals.withdrawing import actions
from app.students.queries import is_on_roll

LONGEST = 2_000
WITHDRAWN, WITHDRAWN_AND_TOLD = "Request withdrawn.", "Request withdrawn. The service is told."
WITHDRAWN_BEFORE = "This request was withdrawn already."


class WithdrawalForm(OnceForm):
    """Why, in the school's words."""

    why = TextAreaField(
        "Why do you withdraw it?",
        validators=[
            Required("Say in a sentence why"),
            Length(max=LONGEST, message=f"Make this shorter, {LONGEST:,} characters at most"),
        ],
    )


@bp.get("/referrals/<public_id>/withdrawal")
@needs(policy.can_withdraw, on=request_for)
def withdrawal(found: Request) -> Response:
    """Asks once more, and says what becomes of the case."""
    return _page(found, WithdrawalForm())


@bp.post("/referrals/<public_id>/withdrawal")
@needs(policy.can_see_withdrawn, on=request_for)
def withdraw(found: Request) -> Response:
    form = WithdrawalForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    try:
        is_new = actions.withdraw(found, form.why.data or "", by=g.actor)
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        return _page(found, form, status=409)
    told = WITHDRAWN_AND_TOLD if actions.is_with_service(found.referral) else WITHDRAWN
    return done(told if is_new else WITHDRAWN_BEFORE, f"/portal/referrals/{found.referral.public_id}/submitted")


def _page(found: Request, form: WithdrawalForm, *, status: int = 200) -> Response:
    return show(
        "portal/withdrawal.html",
        status=status,
        found=found,
        form=form,
        sent=sent_request(g.actor, found.referral.id),
        ends_case=actions.ends_with(found.referral, g.actor),
        has_left=not is_on_roll(g.actor, found.referral.student_id),
    )
