"""My work, and the queue."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.listing import PAGE, cases_for, counts_for, my_cases, queue_for
from app.cases.models import Status
from app.cases.queries import safety_notes_for
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.models import Role
from app.workspace.blueprint import bp

BOTH = (Role.WORKFLOW_LEAD, Role.CASE_MANAGER)


@bp.get("/")
@open_to(*BOTH)
def home() -> Response:
    """What is due, urgent first, then by its clock."""
    is_lead = g.actor.role is Role.WORKFLOW_LEAD
    found = cases_for(g.actor, statuses=[Status.QUEUE, Status.OPEN]) if is_lead else my_cases(g.actor)
    return show("workspace/home.html", cases=found[:PAGE], has_more=len(found) > PAGE, counts=counts_for(g.actor))


@bp.get("/queue/")
@open_to(Role.WORKFLOW_LEAD)
def queue() -> Response:
    """Waiting for a case manager, urgent first, then by what is due first (CASE-9)."""
    found = queue_for(g.actor, after=request.args.get("after", ""))
    notes = safety_notes_for(g.actor, [case.case_id for case in found])
    g.view = View("queue", None)
    return show("workspace/queue.html", cases=found[:PAGE], has_more=len(found) > PAGE, notes=notes)
