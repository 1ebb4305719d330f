"""Letters of the school whose facts have changed since they were made (L8)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.web.answers import show
from app.core.web.guards import open_to
from app.letters.evidence.listing import PAGE, flagged_for
from app.portal.blueprint import SCHOOL, bp


@bp.get("/letters/changed")
@open_to(*SCHOOL)
def changed_letters() -> Response:
    """Flagged last first; what changed back, and what was voided, is not among them."""
    found = flagged_for(g.actor, after=request.args.get("after", ""))
    last = found[PAGE - 1].public_id if len(found) > PAGE else ""
    return show("portal/letters/changed.html", letters=found[:PAGE], last=last)
