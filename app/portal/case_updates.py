"""A school asks how it goes (SHARE-4)."""

from flask import g
from werkzeug.wrappers import Response

from app.cases.queries import CaseHead, case_for
from app.cases.updates.actions import ask_for_update
from app.cases.updates.policy import can_ask
from app.core.web.answers import done
from app.core.web.guards import needs
from app.portal.blueprint import bp

ASKED = "{who} is told that you ask for an update."
ASKED_LATELY = "Your school asked for an update already. Nobody was told again."


@bp.post("/cases/<number>/updates")
@needs(can_ask, on=case_for)
def ask(head: CaseHead) -> Response:
    is_new = ask_for_update(head, by=g.actor)
    who = head.manager_name or head.service_name
    return done(ASKED.format(who=who) if is_new else ASKED_LATELY, f"/portal/cases/{head.number}/")
