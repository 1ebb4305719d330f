"""The school's first page: what needs somebody, and how to ask for support."""

from flask import g
from werkzeug.wrappers import Response

from app.attendance.star.listing import waiting
from app.attendance.star.policy import sees_star
from app.cases.listing import counts_beside, counts_for
from app.cases.school_list.queries import school_cases
from app.cases.school_list.rules import NOT_CLOSED, Sort, Wanted
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp
from app.referrals.drafts.queries import first_drafts

SHOWN = 10


@bp.get("/")
@open_to(*SCHOOL)
def home() -> Response:
    """Counts by status, then drafts (those that end soon first) and cases, the most urgent first."""
    drafts, draft_count = first_drafts(g.actor, SHOWN)
    counts, star_waiting = counts_beside(g.actor, waiting()) if sees_star(g.actor) else (counts_for(g.actor), 0)
    return show(
        "portal/home.html",
        counts=counts,
        star_waiting=star_waiting,
        statuses=NOT_CLOSED,
        cases=school_cases(g.actor, Wanted(sort=Sort.FIRST))[:SHOWN],
        drafts=drafts,
        draft_count=draft_count,
        is_named=g.actor.role is Role.PRIMARY_CONTACT,
    )
