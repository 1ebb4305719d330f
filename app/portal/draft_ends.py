"""A draft is handed over, discarded, and brought back."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectField

from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.figures import the_figures
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.core.web.words import clocktime, nztime
from app.people.models import Kind
from app.people.queries import people_with
from app.people.rules import LABELS, ROLES_OF
from app.portal.blueprint import bp
from app.referrals import policy
from app.referrals.drafts import actions
from app.referrals.drafts.queries import names_of
from app.referrals.models import State
from app.referrals.newcomers.policy import can_take_back
from app.referrals.newcomers.queries import added_numbered
from app.referrals.queries import Request, draft_of, kept_request_for, request_for

LIST = "/portal/referrals/"


@dataclass(frozen=True)
class Colleague:
    """Somebody a draft can be given to."""

    id: int
    name: str
    roles: list[str]

    def __str__(self) -> str:
        return f"{self.name} ({', '.join(self.roles)})"


class HandoverForm(OnceForm):
    """Somebody with a role at the school, and who had the draft when the page was opened."""

    owner = SelectField("Who finishes it from now on?", validators=[Required("Choose somebody")], validate_choice=False)
    has_now = HiddenField(default="")


@bp.get("/referrals/<public_id>/handover")
@needs(policy.can_edit, on=request_for)
def handover(found: Request) -> Response:
    """To whom the draft goes, and what that changes."""
    return ended_meanwhile(found) or _handover_page(found, HandoverForm())


@bp.post("/referrals/<public_id>/handover")
@needs(policy.can_edit, on=kept_request_for)
def hand_over(found: Request) -> Response:
    if ended := ended_meanwhile(found):
        return ended
    form = HandoverForm(request.form)
    chosen = _colleagues(found).get(form.owner.data or "")
    if not form.validate() or chosen is None:
        form.owner.errors = form.owner.errors or ["Choose somebody from the list"]
        return _handover_page(found, form, status=422)
    try:
        is_new = actions.hand_over(found, to=chosen.id, by=g.actor, instead_of=form.has_now.data or "")
    except Conflict as conflict:
        form.form_errors.append(f"{conflict} Look who has it now, then hand it on if you still want to.")
        return _handover_page(found, form, status=409)
    return done(_handed_over(chosen, is_new=is_new), LIST)


@bp.get("/referrals/<public_id>/discard")
@needs(policy.can_edit, on=kept_request_for)
def discarding(found: Request) -> Response:
    """Asks once more, and says for how long it can be brought back."""
    return ended_meanwhile(found) or _discard_page(found, OnceForm())


@bp.post("/referrals/<public_id>/discard")
@needs(policy.can_edit, on=kept_request_for)
def discard(found: Request) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _discard_page(found, form, status=422)
    is_new = actions.discard(found, by=g.actor)
    until = _back_until(found)
    if not is_new:
        return done(f"This draft was discarded already. It can be brought back until {until}.", LIST)
    return done(f"Draft discarded. It can be brought back until {until}.", LIST)


@bp.post("/referrals/<public_id>/bring-back")
@needs(policy.can_edit, on=kept_request_for)
def bring_back(found: Request) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return discarded_page(found, form, status=422)
    try:
        is_new = actions.bring_back(found, by=g.actor)
    except Refused as refused:
        return discarded_page(found, form, status=409, why_not=refused.why)
    said = "The draft is back." if is_new else "The draft was back already."
    return done(said, f"{LIST}{found.referral.public_id}/")


def discarded_page(
    found: Request, form: OnceForm, *, status: int = 200, why_not: str = "", typed: dict[str, str] | None = None
) -> Response:
    """Who discarded it, and the way back; what was typed since, to be copied, and why it cannot come back."""
    return show(
        "portal/discarded.html",
        status=status,
        found=found,
        form=form,
        discarder=names_of(found.referral).discarder,
        until=_back_until(found),
        why_not=why_not,
        another=draft_of(g.actor, found.referral.student_id),
        typed=typed or {},
    )


def soon(at: datetime) -> str:
    """Today or tomorrow, with the time; else the date."""
    days = (clock.nz(at).date() - clock.today()).days
    return f"{('today', 'tomorrow')[days]}, {clocktime(at)}" if days in {0, 1} else nztime(at)


def ended_meanwhile(found: Request) -> Response | None:
    """What stands in the way: it was sent, or discarded."""
    if found.referral.state is not State.DRAFT:
        return elsewhere(f"{LIST}{found.referral.public_id}/submitted")
    return discarded_page(found, OnceForm(), status=_gone()) if found.referral.discarded_at else None


def _gone() -> int:
    """To read that it was discarded is no error; to change it is."""
    return 200 if request.method == "GET" else 409


def _back_until(found: Request) -> str:
    return soon((found.referral.discarded_at or clock.now()) + the_figures().draft_back_within)


def _handed_over(to: Colleague, *, is_new: bool) -> str:
    if not is_new:
        return f"{to.name} had the draft already. Nothing changed, and nobody was told."
    if to.id == g.actor.person_id:
        return "The draft is yours to finish now."
    return f"{to.name} finishes the draft from now on, and is told."


def _colleagues(found: Request) -> dict[str, Colleague]:
    """Everyone with a role at the school but who has it now, by public id."""
    colleagues: dict[str, Colleague] = {}
    for person in people_with(g.actor.organisation_id, *ROLES_OF[Kind.SCHOOL]):
        if person.id != found.referral.owner_id:
            known = colleagues.setdefault(person.public_id, Colleague(person.id, person.name, []))
            known.roles.append(LABELS[person.role])
    return colleagues


def _handover_page(found: Request, form: HandoverForm, *, status: int = 200) -> Response:
    has_now = names_of(found.referral)
    colleagues = _colleagues(found)
    form.has_now.data = has_now.owner_public_id
    form.owner.choices = {"": "Choose somebody"} | {key: str(colleague) for key, colleague in colleagues.items()}
    named = found.texts.get("primary_contact", "")
    return show(
        "portal/handover.html",
        status=status,
        found=found,
        form=form,
        has_now=has_now,
        has_others=bool(colleagues),
        keeps_access=policy.keeps_access(g.actor, found.referral, named=named),
    )


def _discard_page(found: Request, form: OnceForm, *, status: int = 200) -> Response:
    until = soon(clock.now() + the_figures().draft_back_within)
    added = added_numbered(g.actor, found.referral.student_id)
    by_mistake = added if added and not added.why_not and can_take_back(g.actor, added) else None
    return show("portal/discard.html", status=status, found=found, form=form, until=until, by_mistake=by_mistake)
