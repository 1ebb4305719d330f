"""My work."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.listing import PAGE, counts_for
from app.cases.work.queries import work_for
from app.cases.work.rules import Why
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.models import Role
from app.referrals.matches.queries import waiting_for
from app.workspace.blueprint import bp

BOTH = (Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
MOST = 200
"""Lines, where all of them are asked for."""
TAGS = {
    Why.OVERDUE: ("Overdue", "orange"),
    Why.TODAY: ("Today", "yellow"),
    Why.TOMORROW: ("Next working day", ""),
    Why.NOBODY: ("Nobody has it", "purple"),
    Why.TRANSFER: ("Transfer", "purple"),
    Why.PAUSE: ("Pause asked for", "purple"),
    Why.SIGNING: ("Sign off", "purple"),
    Why.ARRIVED: ("Look through", "purple"),
    Why.WORSE: ("Attendance", "orange"),
    Why.ASKED: ("Update asked for", "yellow"),
    Why.NEW: ("New", "green"),
    Why.ADDED: ("Unread", "green"),
    Why.SILENT: ("Long silent", "grey"),
    Why.PLANNING: ("Plan", "blue"),
    Why.OTHERS: ("With somebody else", "grey"),
}


@bp.get("/")
@open_to(*BOTH)
def home() -> Response:
    """What is to be done today, in order, and why (P2)."""
    lines, most = work_for(g.actor), MOST if request.args.get("all") else PAGE
    matches, offered = waiting_for(g.actor) if g.actor.role is Role.WORKFLOW_LEAD else (0, 0)
    return show(
        "workspace/home.html",
        lines=lines[:most],
        more=len(lines) - most,
        tags=TAGS,
        matches=matches,
        offered=offered,
        counts=counts_for(g.actor),
    )
