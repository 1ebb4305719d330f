"""Asking for support: find the student, fill in the form, check the answers, send."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict, Refused, Unseen
from app.core.seen import View
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.gates import needs, open_to
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp
from app.portal.referral_form import DraftForm, page_of
from app.referrals import actions, policy
from app.referrals.models import State
from app.referrals.queries import (
    PAGE,
    Request,
    contacts_of,
    draft_of,
    drafts_of,
    request_for,
    requests_for,
    sent_request,
)
from app.referrals.questions import FIELDS, in_words
from app.referrals.routing import known_case, known_cases, route_of
from app.referrals.rules import missing
from app.students.queries import caregivers_given_by, is_on_roll, student_on_roll, students_found


@bp.get("/referrals/")
@open_to(*SCHOOL)
def referral_list() -> Response:
    """Drafts, and what was sent."""
    sent = requests_for(g.actor, drafts=False, before=request.args.get("before", ""))
    return show(
        "portal/referrals.html",
        drafts=requests_for(g.actor, drafts=True),
        sent=sent[:PAGE],
        has_more=len(sent) > PAGE,
    )


@bp.get("/referrals/new")
@open_to(*SCHOOL)
def find_student() -> Response:
    """Find the student on the school's roll, whether or not one types the macron."""
    sought = request.args.get("q", "").strip()
    g.view = View("student search", None) if sought else None
    return _find_page(sought, OnceForm())


@bp.post("/referrals/")
@open_to(*SCHOOL)
def start() -> Response:
    """A draft for this student; where the school has one already, that one."""
    form = OnceForm(request.form)
    student = student_on_roll(g.actor, request.form.get("student", ""))
    if student is None:
        raise Unseen
    if not form.validate():
        return _find_page("", form, status=422)
    if existing := draft_of(g.actor, student.id):
        return done("There is a draft for this student already. Go on with it here.", f"/portal/referrals/{existing}/")
    referral = actions.start_draft(student.id, prefill=_prefill(student), by=g.actor)
    return done("Draft started with what the roll knows.", f"/portal/referrals/{referral.public_id}/")


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


@bp.get("/referrals/<public_id>/check")
@needs(policy.can_edit, on=request_for)
def check(found: Request) -> Response:
    """Every answer once more, and what is still missing, before it is sent."""
    if found.referral.state is not State.DRAFT:
        return elsewhere(f"/portal/referrals/{found.referral.public_id}/submitted")
    return _check_page(found, OnceForm())


@bp.post("/referrals/<public_id>/submission")
@needs(policy.can_edit, on=request_for)
def submit(found: Request) -> Response:
    """Send it, once."""
    form = OnceForm(request.form)
    if not form.validate():
        return _check_page(found, form, status=422)
    try:
        case = actions.submit(found, version=request.form.get("version", 0, int), by=g.actor)
    except Conflict as conflict:
        return _check_page(found, form, status=409, notice=str(conflict))
    except Refused as refused:
        return _check_page(found, form, status=422, notice=refused.why)
    public_id = found.referral.public_id
    return done(f"Request sent. The case number is {case.number}.", f"/portal/referrals/{public_id}/submitted")


@bp.get("/referrals/<public_id>/submitted")
@needs(policy.can_edit, on=request_for)
def submitted(found: Request) -> Response:
    """The case number, and what happens next."""
    sent = sent_request(found.referral.id)
    if sent is None:
        return elsewhere(f"/portal/referrals/{found.referral.public_id}/")
    return show("portal/submitted.html", sent=sent)


def _find_page(sought: str, form: OnceForm, *, status: int = 200) -> Response:
    found = students_found(g.actor, sought)
    ids = [student.id for student in found]
    return show(
        "portal/find_student.html",
        "portal/_students_found.html",
        status=status,
        sought=sought,
        students=found,
        drafts=drafts_of(g.actor, ids),
        cases=known_cases(g.actor, ids),
        form=form,
    )


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


def _check_page(found: Request, form: OnceForm, *, status: int = 200, notice: str = "") -> Response:
    contacts = contacts_of(g.actor.organisation_id)
    answers = in_words(found.texts)
    answers["primary_contact"] = contacts.get(found.texts.get("primary_contact", ""), "")
    return show(
        "portal/check.html",
        status=status,
        found=found,
        answers=answers,
        version=found.version,
        missing=missing(found.texts, contacts=contacts),
        is_on_roll=is_on_roll(g.actor, found.referral.student_id),
        route=route_of(g.actor.organisation_id),
        known=known_case(g.actor, found.referral.student_id),
        form=form,
        notice=notice,
    )


def _prefill(student: Any) -> dict[str, str]:
    """What the roll and the school itself already know (R1)."""
    known = caregivers_given_by(g.actor.organisation_id, student.id)
    texts = {"address": student.address}
    if known:
        details = ("name", "relationship", "phone", "email", "address", "language")
        texts |= {f"caregiver_{detail}": getattr(known[-1], detail) for detail in details}
    if g.actor.role is Role.PRIMARY_CONTACT:
        texts["primary_contact"] = g.actor.public_id
    return texts
