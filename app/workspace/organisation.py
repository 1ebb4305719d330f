"""The service's settings."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app.cases.pauses.rules import review_days
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.people.actions import set_case_managers_see_cases, set_other_pauses
from app.people.models import Role
from app.people.queries import settings_of
from app.workspace.blueprint import bp


class SettingsForm(OnceForm):
    """What case managers see of each other's cases, and why cases can be on hold."""

    case_managers_see_cases = BooleanField("Case managers see their service’s cases")
    has_other_pauses = BooleanField("Cases can be put on hold for other reasons")


@bp.get("/settings/")
@open_to(Role.WORKFLOW_LEAD)
def settings() -> Response:
    return show(
        "workspace/settings.html", days=review_days(), form=SettingsForm(data=settings_of(g.actor.organisation_id))
    )


@bp.post("/settings/")
@open_to(Role.WORKFLOW_LEAD)
def set_settings() -> Response:
    form = SettingsForm(request.form)
    if not form.validate():
        return show("workspace/settings.html", status=422, days=review_days(), form=form)
    set_case_managers_see_cases(g.actor.organisation_id, bool(form.case_managers_see_cases.data), by=g.actor)
    set_other_pauses(g.actor.organisation_id, bool(form.has_other_pauses.data), by=g.actor)
    return done("Settings saved. They hold from the next page on.", "/workspace/settings/")
