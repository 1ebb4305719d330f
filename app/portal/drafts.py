"""The draft of a request: filled in, and saved as often as one likes."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict
from app.core.web.answers import done, elsewhere, show
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.portal.referral_form import DraftForm, page_of
from app.referrals import actions, policy
from app.referrals.models import State
from app.referrals.queries import (
    Request,
    request_for,
    sent_request,
)
from app.referrals.questions import FIELDS


@bp.get("/referrals/<public_id>/")
@needs(policy.can_edit, on=request_for)
def draft(found: Request) -> Response:
    """The form. Once sent, the page about what was sent."""
    if found.referral.state is not State.DRAFT:
        return elsewhere(f"/portal/referrals/{found.referral.public_id}/submitted")
    return page_of(found, DraftForm(texts=found.texts))


@bp.post("/referrals/<public_id>/")
@needs(policy.can_edit, on=request_for)
def save(found: Request) -> Response:
    return _save(found, "Draft saved.", f"/portal/referrals/{found.referral.public_id}/")


@bp.post("/referrals/<public_id>/check")
@needs(policy.can_edit, on=request_for)
def save_and_check(found: Request) -> Response:
    return _save(found, "", f"/portal/referrals/{found.referral.public_id}/check")


def _save(found: Request, message: str, url: str) -> Response:
    form = DraftForm(request.form)
    if not form.validate():
        return page_of(found, form, status=422)
    try:
        clashes = actions.save_draft(found, form.touched(), seen=form.seen(), by=g.actor)
    except Conflict:
        return _sent_meanwhile(found, form)
    if clashes:
        return page_of(found, form, status=409, clashes=clashes)
    if request_for(g.actor, found.referral.public_id) is None:  # a contact who named somebody else
        return done("Saved. It is with the contact you named, and with your leads, now.", "/portal/referrals/")
    return done(message, url)


def _sent_meanwhile(found: Request, form: DraftForm) -> Response:
    """A colleague sent it: what was typed since stands there to be copied, and the way to the case."""
    typed = {FIELDS[field].label: text for field, text in form.touched().items()}
    sent = sent_request(found.referral.id)
    return show("portal/sent_meanwhile.html", status=409, typed=typed, sent=sent)
