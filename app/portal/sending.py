"""A request is checked, sent once, and its number told."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.rules import status_words
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.portal.draft_ends import discarded_page
from app.portal.draft_page import known_now
from app.referrals import actions, policy
from app.referrals.advice import advise
from app.referrals.days import fault_of_when, is_dated
from app.referrals.files.queries import files_of
from app.referrals.models import State
from app.referrals.queries import (
    Request,
    contacts_of,
    kept_request_for,
    request_for,
    requests_on_case,
    sent_request,
)
from app.referrals.questions import CONTACT, FIELDS, SECTIONS, TRIED, by_section, in_words
from app.referrals.routing import route_of
from app.referrals.rules import actions_taken, missing
from app.students.queries import is_on_roll


@bp.get("/referrals/<public_id>/check")
@needs(policy.can_edit, on=request_for)
def check(found: Request) -> Response:
    """Every answer once more, and what is still missing, before it is sent."""
    if found.referral.state is not State.DRAFT:
        return elsewhere(f"/portal/referrals/{found.referral.public_id}/submitted")
    return _check_page(found, OnceForm())


@bp.post("/referrals/<public_id>/submission")
@needs(policy.can_edit, on=kept_request_for)
def submit(found: Request) -> Response:
    """Send it, once."""
    if found.referral.discarded_at:
        return discarded_page(found, OnceForm(), status=409)
    form = OnceForm(request.form)
    if not form.validate():
        return _check_page(found, form, status=422)
    try:
        version, files = request.form.get("version", 0, int), request.form.get("seen", "").split()
        case = actions.submit(found, version=version, files=files, by=g.actor)
    except Conflict as conflict:
        return _check_page(found, form, status=409, notice=str(conflict))
    except Refused as refused:
        return _check_page(found, form, status=422, notice=refused.why)
    public_id = found.referral.public_id
    return done(f"Request sent. The case number is {case.number}.", f"/portal/referrals/{public_id}/submitted")


@bp.get("/referrals/<public_id>/submitted")
@needs(policy.can_edit, on=request_for)
def submitted(found: Request) -> Response:
    """The case number; what happens next until somebody has the case, and how it stands from then on."""
    sent = sent_request(g.actor, found.referral.id)
    if sent is None:
        return elsewhere(f"/portal/referrals/{found.referral.public_id}/")
    files = files_of([found.referral.id]).get(found.referral.id, [])
    return show(
        "portal/submitted.html",
        sent=sent,
        words=status_words(sent.status, sent.pause_until),
        is_just_sent=sent.submitted_by_id == g.actor.person_id and clock.nz(sent.submitted_at).date() == clock.today(),
        can_withdraw=policy.can_withdraw(g.actor, found),
        files=files,
        requests=requests_on_case(sent.case_id, school_id=g.actor.organisation_id) if sent.waits_until else [],
        public_id=found.referral.public_id,
        has_left=not is_on_roll(g.actor, found.referral.student_id),
        written=found.texts.get("contact_name", ""),
    )


def _check_page(found: Request, form: OnceForm, *, status: int = 200, notice: str = "") -> Response:
    contacts = contacts_of(g.actor.organisation_id)
    answers = in_words(found.texts)
    answers["primary_contact"] = contacts.get(found.texts.get("primary_contact", ""), "")
    return show(
        "portal/check.html",
        status=status,
        found=found,
        answers=answers,
        answered=by_section(answers),
        CONTACT=CONTACT,
        TRIED=TRIED,
        **_steps_of(found),
        first_of={section: listed[0].name for section, listed in SECTIONS},
        version=found.version,
        missing=missing(found.texts, contacts=contacts, has_choice=found.has_choice),
        unsettled={field: FIELDS[field].label for field in found.unsettled},
        is_on_roll=is_on_roll(g.actor, found.referral.student_id),
        route=route_of(g.actor.organisation_id, found.texts.get("service_choice", "")),
        **known_now(found, found.texts, contacts),
        files=files_of([found.referral.id]).get(found.referral.id, []),
        advice=advise(found.texts, clock.today()),
        form=form,
        notice=notice,
    )


def _steps_of(found: Request) -> dict[str, Any]:
    """What the school has done; how many of it have their day, and of how many it says only about when."""
    steps, today = actions_taken(found.texts), clock.today()
    dated = sum(is_dated(when, today=today) for _, when in steps)
    said = sum(bool(when) and not fault_of_when(when, today=today) for _, when in steps)
    return {"steps": steps, "dated": dated, "about": said - dated}
