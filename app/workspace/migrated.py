"""Cases that came from another system, until a workflow lead has looked at each (MEAS-5)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.migrated.actions import mark_reviewed
from app.cases.migrated.policy import can_review
from app.cases.migrated.queries import PAGE, migrated_case_for, unreviewed_for
from app.cases.queries import CaseHead
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs, open_to
from app.people.models import Role
from app.workspace.blueprint import bp

LIST = "/workspace/migrated/"


@bp.get("/migrated/")
@open_to(Role.WORKFLOW_LEAD)
def migrated() -> Response:
    """Those that nobody has looked at."""
    g.view = View("cases from another system", None)
    found = unreviewed_for(g.actor, after=request.args.get("after", ""))
    return show("workspace/migrated.html", cases=found[:PAGE], has_more=len(found) > PAGE)


@bp.post("/cases/<number>/reviewed")
@needs(can_review, on=migrated_case_for)
def review_migrated(head: CaseHead) -> Response:
    if not OnceForm(request.form).validate():
        return done("Nothing was changed. Say it again here.", LIST)
    is_new = mark_reviewed(head, by=g.actor)
    return done(f"Case {head.number} is reviewed." if is_new else "It was reviewed before. Nothing changed.", LIST)
