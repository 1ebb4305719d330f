"""The school's first page: what needs somebody, and how to ask for support."""

from flask import g
from werkzeug.wrappers import Response

from app.cases.listing import NOT_CLOSED, cases_for, counts_for
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.portal.blueprint import SCHOOL, bp
from app.referrals.drafts.queries import drafts_for

SHOWN = 10


@bp.get("/")
@open_to(*SCHOOL)
def home() -> Response:
    """Counts by status, then drafts (those that end soon first) and cases, the most urgent first."""
    drafts, _ = drafts_for(g.actor)
    return show(
        "portal/home.html",
        counts=counts_for(g.actor),
        statuses=NOT_CLOSED,
        cases=cases_for(g.actor, statuses=NOT_CLOSED)[:SHOWN],
        drafts=drafts[:SHOWN],
        draft_count=len(drafts),
    )
