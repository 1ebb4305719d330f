"""Asking for support: what there is, and a new request for a student on the roll."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Unseen
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp
from app.referrals import actions
from app.referrals.drafts.queries import PAGE as DRAFTS
from app.referrals.drafts.queries import drafts_for
from app.referrals.queries import (
    PAGE,
    draft_of,
    drafts_of,
    requests_for,
)
from app.referrals.routing import known_cases
from app.students.queries import caregivers_given_by, student_on_roll, students_found


@bp.get("/referrals/")
@open_to(*SCHOOL)
def referral_list() -> Response:
    """A page of drafts, those discarded within a day, and a page of what was sent."""
    sent = requests_for(g.actor, before=request.args.get("before", ""))
    drafts, discarded = drafts_for(g.actor, after=request.args.get("drafts_after", ""))
    return show(
        "portal/referrals.html",
        drafts=drafts[:DRAFTS],
        has_more_drafts=len(drafts) > DRAFTS,
        discarded=discarded,
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
