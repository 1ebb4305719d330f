"""Asking for support: what there is, and a new request for a student on the roll."""

from collections.abc import Sequence
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.star.lines import Done, actions_from
from app.attendance.star.queries import with_responses
from app.core.figures import counted
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp
from app.referrals import actions
from app.referrals.actions_taken.actions import add_missing
from app.referrals.drafts.queries import PAGE as DRAFTS
from app.referrals.drafts.queries import drafts_for
from app.referrals.present_contact import prefilled
from app.referrals.queries import (
    PAGE,
    drafts_of,
    held_request_for,
    requests_for,
)
from app.referrals.questions import ACTION_ROWS, ACTIONS
from app.referrals.routing import known_case, known_cases
from app.students.particulars.queries import recorded_of
from app.students.queries import roll_as_of, students_found, with_caregiver
from app.students.rules import is_old

NOBODY = (
    "There is no such student on your school’s roll now, so nothing was begun. Find the student by name; the school where "
    "they are now can ask for support."
)


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
    """A draft for this student, with what the school did about their days absent (ATT-5); where the school has one already,
    that one."""
    form = OnceForm(request.form)
    student, acts = with_responses(with_caregiver(g.actor, request.form.get("student", "")), g.actor)
    if student is None:
        form.form_errors.append(NOBODY)
        return _find_page("", form, status=404)
    if not form.validate():
        return _find_page("", form, status=422)
    return begin(student, "Draft started with what the roll knows.", acts=acts)


def begin(student: Any, message: str, *, acts: Sequence[Done] = ()) -> Response:
    """A draft for this student of the roll; a second press leads to the same one."""
    try:
        referral = actions.start_draft(student.id, prefill=_prefill(student) | _steps(acts), by=g.actor)
    except actions.AlreadyBegun as begun:
        return done(f"{begun.why}{_brought_along(begun, acts)}", f"/portal/referrals/{begun.public_id}/")
    return done(message, f"/portal/referrals/{referral.public_id}/")


def _brought_along(begun: actions.AlreadyBegun, acts: Sequence[Done]) -> str:
    """What was done since the draft was begun is added to it, as far as there is room."""
    if not acts or (found := held_request_for(g.actor, begun.public_id)) is None:
        return ""
    since = [each for each in acts if each.at > found.referral.made_at]
    added = add_missing(found, actions_from(since, ACTION_ROWS), by=g.actor)
    return f" {counted(added, 'step')} recorded since {'was' if added == 1 else 'were'} added." if added else ""


def _steps(acts: Sequence[Done]) -> dict[str, str]:
    """What the school did already, row by row (R9)."""
    said = actions_from(acts, ACTION_ROWS)
    return {
        field: text for both, step in zip(ACTIONS, said, strict=False) for field, text in zip(both, step, strict=True)
    }


def _find_page(sought: str, form: OnceForm, *, status: int = 200) -> Response:
    found = students_found(g.actor, sought)
    ids = [student.id for student in found]
    return show(
        "portal/find_student.html",
        "portal/_students_found.html",
        status=status,
        sought=sought,
        students=found,
        roll_as_of=None if found or not sought else roll_as_of(g.actor.organisation_id),
        is_old=is_old,
        drafts=drafts_of(g.actor, ids),
        cases=known_cases(g.actor, ids),
        form=form,
    )


def _prefill(student: Any) -> dict[str, str]:
    """What the roll and the school itself already know (R1)."""
    details = ("name", "relationship", "phone", "email", "address", "language")
    texts = {"address": recorded_of(student.id).known_to(g.actor.organisation_id).address}
    texts |= {f"caregiver_{detail}": getattr(student, f"caregiver_{detail}") or "" for detail in details}
    if contact := prefilled(known_case(g.actor, student.id), g.actor.organisation_id):
        return texts | contact
    if g.actor.role is Role.PRIMARY_CONTACT:
        texts["primary_contact"] = g.actor.public_id
    return texts
