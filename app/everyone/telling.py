"""How one wants to be told of what happens: at once, in one mail a day, or in the app only (SHARE-7)."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import Form, RadioField

from app.cases.rules import LISTS
from app.core.figures import the_figures
from app.core.lists import rows
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import open_to
from app.everyone.blueprint import bp
from app.people.telling.actions import choose_telling
from app.people.telling.models import How
from app.people.telling.queries import chosen_by
from app.people.telling.rules import HOW_WORDS, SAID, SAID_ALWAYS, Choice, choices_of, fixed_for

SETTINGS = "/notifications/settings"
LISTED = LISTS / "notifications.csv"


@bp.get(SETTINGS)
@open_to()
def telling() -> Response:
    choices = choices_of(g.actor.role, rows(LISTED))
    chosen = chosen_by(g.actor.person_id)
    form = _form(choices)(data={choice.event: chosen.get(choice.event, choice.usually).value for choice in choices})
    return _page(form, choices)


@bp.post(SETTINGS)
@open_to()
def set_telling() -> Response:
    choices = choices_of(g.actor.role, rows(LISTED))
    form = _form(choices)(request.form)
    if not form.validate():
        return _page(form, choices, status=422)
    is_new = choose_telling({choice: How(form[choice.event].data) for choice in choices}, by=g.actor)
    said = "This is how you are told from now on." if is_new else "That is how you are told already."
    return done(said, SETTINGS)


def _form(choices: list[Choice]) -> type[Form]:
    """A choice of three for each event."""
    fields: dict[str, Any] = {choice.event: _field(choice) for choice in choices}
    return type("TellingForm", (OnceForm,), fields)


def _field(choice: Choice) -> RadioField:
    named = {how.value: words for how, words in HOW_WORDS.items()}
    return RadioField(choice.words, choices=named, validators=[Required("Choose one of the three")])


def _page(form: Form, choices: list[Choice], *, status: int = 200) -> Response:
    partly = [choice.event for choice in choices if choice.is_partly_fixed]
    always = {**SAID, **{event: words for event, words in SAID_ALWAYS.items() if event in partly}}
    fixed = [always[event] for event in fixed_for(g.actor.role, rows(LISTED))]
    hour = the_figures().digest_hour
    return show("everyone/telling.html", status=status, form=form, fixed=fixed, partly=partly, hour=hour)
