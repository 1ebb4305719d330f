"""Everyone with a role here; for the delegated authoriser with where it came from, who has left, and what is to be looked at
again."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField

from app.core.db import AnyRow
from app.core.figures import counted
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.core.web.words import nzdate
from app.people.models import Role
from app.people.role_requests.queries import answered_to, waiting_for
from app.people.roles.actions import review
from app.people.roles.policy import sees_all
from app.people.roles.queries import PAGE, colleagues, due_for_review, roles_named
from app.people.rules import LABELS
from app.referrals.leaving.queries import left_behind
from app.written.places import people_address


class ReviewForm(OnceForm):
    """The roles that are still right, many at once."""

    role = SelectMultipleField("Which are still right?", validate_choice=False)


@open_to()
def people() -> Response:
    """The authoriser's first page; to everybody else here it says who holds which role, and nothing more."""
    if not sees_all(g.actor):
        return _plain_page()
    return _former_page() if "former" in request.args else _page(ReviewForm())


@open_to(Role.DELEGATED_AUTHORISER)
def set_reviewed() -> Response:
    """They stand first again a year later."""
    form = ReviewForm(request.form)
    chosen = roles_named(g.actor, form.role.data or [])
    is_right = form.validate()
    if not chosen:
        form.role.errors = ["Tick at least one role"]
    if not is_right or not chosen:
        return _page(form, status=422)
    review(chosen, by=g.actor)
    return done(f"Noted: {counted(len(chosen), 'role')} still right.", people_address())


def _page(form: ReviewForm, *, status: int = 200) -> Response:
    due = due_for_review(g.actor)
    form.role.choices = [(f"{row.public_id}/{row.role}", f"{row.name}: {LABELS[row.role]}") for row in due]
    waiting = waiting_for(g.actor)
    hints = {f"{row.public_id}/{row.role}": _looked_at(row) for row in due}
    return _listed("written/people.html", status=status, waiting=waiting, form=form, hints=hints)


def _looked_at(row: AnyRow) -> str:
    return f"last looked at {nzdate(row.reviewed_at)}" if row.reviewed_at else f"given {nzdate(row.given_at)}"


def _former_page() -> Response:
    return _listed("written/former_people.html", is_former=True, left=left_behind(g.actor))


def _plain_page() -> Response:
    return _listed("written/who_is_who.html", answered=answered_to(g.actor.person_id, g.actor.organisation_id))


def _listed(template: str, *, status: int = 200, is_former: bool = False, **more: Any) -> Response:
    """A page of them, by name."""
    found = colleagues(g.actor, after=request.args.get("after", ""), is_former=is_former)
    last = found[PAGE - 1].of.public_id if len(found) > PAGE else None
    return show(template, status=status, people=found[:PAGE], last=last, here=people_address(), **more)
