"""What those see who proved who they are and still do not come in (A4): which of the known causes it is, who can help, and a
way to ask for a role. Nothing here says which people or organisations the portal knows, beyond what the sign-in said."""

import time
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length

from app.core import clock
from app.core.db import begin_write
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import open_to_all
from app.people.models import Kind, Role
from app.people.role_requests.actions import ask_from_outside
from app.people.role_requests.queries import answered_to
from app.people.role_requests.rules import LONGEST_WHY
from app.people.rules import LABELS, ROLES_OF
from app.signin.arrivals import Cause, Turned
from app.signin.authorisers import authorisers_for

outside = Blueprint("outside", __name__)
PAGE = "/sign-in/no-access"
LASTS = 15 * 60  # seconds; the computer may be shared
MAY_ASK = frozenset({Cause.NO_ROLE, Cause.WRONG_ORGANISATION})
ASKED = (
    "Thank you. Where the portal knows that organisation, whoever gives roles there is told now, and you get an e-mail once "
    "they have decided. Nothing after a few days? Check the number or name, and ask your principal or manager."
)
ROLES = (
    ("At a school", ROLES_OF[Kind.SCHOOL]),
    ("At an attendance service", ROLES_OF[Kind.SERVICE]),
    ("At the Ministry", ROLES_OF[Kind.MINISTRY]),
    ("At any of them", (Role.DELEGATED_AUTHORISER,)),
)
"""By where somebody works: most come from a school."""


class AskingForm(OnceForm):
    """Which role where; the organisation as the person knows it, by number or by name."""

    organisation = StringField(
        "Your school, service or team",
        validators=[
            Required("Write the number or the name of your school, service or team"),
            Length(max=160, message="At most 160 characters"),
        ],
    )
    role = SelectField("The role you need", validators=[Required("Choose a role")], validate_choice=False)
    why = TextAreaField(
        "What you do there",
        validators=[
            Required("Write in a sentence what you do there"),
            Length(max=LONGEST_WHY, message=f"At most {LONGEST_WHY} characters"),
        ],
    )

    def choose(self) -> Role | None:
        """With its choices known: the role, where one of them was chosen."""
        roles = {role.value: LABELS[role].capitalize() for _, there in ROLES for role in there}
        self.role.choices = [("", "Choose a role"), *roles.items()]
        return Role(self.role.data) if self.role.data in roles else None

    @property
    def grouped(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The roles by kind of organisation."""
        return [(label, [(role.value, LABELS[role].capitalize()) for role in there]) for label, there in ROLES]


def remember(who: Turned) -> None:
    """In the cookie, signed: this browser, for a while."""
    session["turned"] = {
        "cause": who.cause.value,
        "email": who.email,
        "organisations": list(who.organisations),
        "person": who.person_id,
        "at": int(time.time()),
    }


@outside.get(PAGE)
@open_to_all
def no_access() -> Response:
    known = _turned()
    return _page(known, AskingForm()) if known else redirect("/sign-in", 303)


@outside.post(f"{PAGE}/requests")
@open_to_all
def ask() -> Response:
    """The answer is the same whether or not there is such an organisation."""
    known = _turned()
    if known is None or known["cause"] not in MAY_ASK:
        return redirect(PAGE if known else "/sign-in", 303)
    form = AskingForm(request.form)
    role = form.choose()
    if not form.validate() or role is None:
        form.role.errors = form.role.errors or ([] if role else ["Choose a role"])
        return _page(known, form, status=422)
    begin_write()
    ask_from_outside(known["person"], form.organisation.data or "", role, why=form.why.data or "")
    _remember_asked(known, role, form.organisation.data or "")
    return done(ASKED, PAGE)


def _remember_asked(known: dict[str, Any], role: Role, organisation: str) -> None:
    """What was typed, in this browser: it says nothing of which organisations there are."""
    asked = {"role": role.value, "organisation": organisation, "at": clock.now().isoformat()}
    session["turned"] = {**known, "asked": asked}


def _asked(known: dict[str, Any]) -> dict[str, Any] | None:
    """What was asked last."""
    asked = known.get("asked")
    return {**asked, "at": datetime.fromisoformat(asked["at"])} if asked else None


def _turned() -> dict[str, Any] | None:
    """Who was turned away in this browser just now."""
    known: dict[str, Any] | None = session.get("turned")
    return known if known and time.time() - known["at"] <= LASTS else None


def _page(known: dict[str, Any], form: AskingForm, *, status: int = 403) -> Response:
    form.choose()
    return show(
        "signin/no_access.html",
        status=status,
        cause=known["cause"],
        email=known["email"],
        helpers=authorisers_for(known["email"], known["organisations"]),
        answered=answered_to(known["person"]) if known["person"] else [],
        form=form if known["cause"] in MAY_ASK else None,
        asked=None if "another" in request.args or request.method == "POST" else _asked(known),
    )
