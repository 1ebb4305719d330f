"""The service's settings."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.people.actions import set_case_managers_see_cases
from app.people.models import Role
from app.people.queries import case_managers_see_cases
from app.workspace.blueprint import bp


class SettingsForm(OnceForm):
    """What case managers see of each other's cases."""

    case_managers_see_cases = BooleanField("Case managers see their service’s cases")


@bp.get("/settings/")
@open_to(Role.WORKFLOW_LEAD)
def settings() -> Response:
    is_on = case_managers_see_cases(g.actor.organisation_id)
    return show("workspace/settings.html", form=SettingsForm(data={"case_managers_see_cases": is_on}))


@bp.post("/settings/")
@open_to(Role.WORKFLOW_LEAD)
def set_settings() -> Response:
    form = SettingsForm(request.form)
    if not form.validate():
        return show("workspace/settings.html", status=422, form=form)
    set_case_managers_see_cases(g.actor.organisation_id, bool(form.case_managers_see_cases.data), by=g.actor)
    return done("Settings saved. They hold from the next page on.", "/workspace/settings/")
