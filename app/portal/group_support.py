"""Support for a group of students is asked for (S8)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField

from app.cases.services.actions import ask_for_group
from app.cases.services.queries import provider_of
from app.cases.services.rules import GROUPS, REASONS, SIZES
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import open_to
from app.portal.blueprint import SCHOOL, bp

BACK = "/portal/provider/"


def _upper(choices: dict[str, str]) -> dict[str, str]:
    return {code: words[0].upper() + words[1:] for code, words in choices.items()}


class GroupForm(OnceForm):
    """Only choices: what matters is said on the phone, and no student is named."""

    group = RadioField("Which group?", choices=_upper(GROUPS), validators=[Required("Choose which group")])
    group_size = RadioField("How many?", choices=_upper(SIZES), validators=[Required("Choose how many they are")])
    group_reason = RadioField("Why?", choices=_upper(REASONS), validators=[Required("Choose why")])


@bp.get("/provider/group")
@open_to(*SCHOOL)
def group() -> Response:
    return _page(GroupForm())


@bp.post("/provider/group")
@open_to(*SCHOOL)
def ask_group() -> Response:
    form = GroupForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    ask_for_group(form.group.data, form.group_size.data, form.group_reason.data, by=g.actor)
    whom = provider_of(g.actor).provider or "The investigators"
    return done(f"Asked. {whom} will ring you; you can ring them too.", BACK)


def _page(form: GroupForm, *, status: int = 200) -> Response:
    return show("portal/group_support.html", status=status, form=form, found=provider_of(g.actor))
