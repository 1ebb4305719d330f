"""A student who was added to the school's list by mistake is taken back."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.referrals.newcomers import actions
from app.referrals.newcomers.policy import can_take_back
from app.referrals.newcomers.queries import Added, added_for

NEXT = "/portal/referrals/new"


@bp.get("/referrals/new-student/<public_id>/taking-back")
@needs(can_take_back, on=added_for)
def taking_back(added: Added) -> Response:
    """What goes with them; or why they stay."""
    return _page(added, OnceForm())


@bp.post("/referrals/new-student/<public_id>/taking-back")
@needs(can_take_back, on=added_for)
def take_back_student(added: Added) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(added, form, status=422)
    name = added.student.name
    try:
        is_new = actions.take_back(added, by=g.actor)
    except Refused as refused:
        form.form_errors.extend([refused.why, refused.who_can])
        return _page(added, form, status=422)
    return done(f"{name} is on your list no more." if is_new else f"{name} was taken back already.", NEXT)


def _page(added: Added, form: OnceForm, *, status: int = 200) -> Response:
    return show("portal/taking_back.html", status=status, added=added, form=form, leave=NEXT)
