"""A role that somebody asks for, or is named to need, is given or refused (A2)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Length

from app.core.db import db
from app.core.text import fold
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.people.models import Person
from app.people.role_requests.actions import give, refuse
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.policy import can_decide
from app.people.role_requests.queries import name_in, request_for
from app.people.role_requests.rules import LONGEST_WHY
from app.people.roles.queries import second_for
from app.people.rules import LABELS
from app.written.places import people_address

DECIDED = "This was decided already. Nothing changed, and nobody was told."


class RefusalForm(OnceForm):
    """Whoever asked reads it."""

    why = TextAreaField(
        "Why not?",
        validators=[
            Required("Write why: whoever asked reads it"),
            Length(max=LONGEST_WHY, message=f"At most {LONGEST_WHY} characters"),
        ],
    )


@needs(can_decide, on=request_for)
def asked(found: RoleRequest) -> Response:
    """Who asks, for what, and why."""
    return _page(found, RefusalForm())


@needs(can_decide, on=request_for)
def give_it(found: RoleRequest) -> Response:
    called, who = name_in(found), _who(found)
    if not give(found, by=g.actor):
        return done(DECIDED, people_address())
    said = f"{who.name} is {LABELS[found.role]} now, and is told."
    is_known_so = fold(called) == fold(who.name) or called == who.email
    return done(said if is_known_so else f"{said} They were named here as {called}.", people_address())


@needs(can_decide, on=request_for)
def refuse_it(found: RoleRequest) -> Response:
    form = RefusalForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    is_new = refuse(found, form.why.data or "", by=g.actor)
    return done("Refused. Whoever asked is told, and reads why." if is_new else DECIDED, people_address())


def _who(found: RoleRequest) -> Person:
    return db.session.get_one(Person, found.person_id)


def _page(found: RoleRequest, form: RefusalForm, *, status: int = 200) -> Response:
    asker = db.session.get_one(Person, found.asked_by_id)
    return show(
        "written/role_request.html",
        status=status,
        found=found,
        name=name_in(found),
        who=_who(found),
        asker=asker if asker.id != found.person_id else None,
        second=second_for(g.actor, found.person_id, found.role),
        form=form,
        here=people_address(),
    )
