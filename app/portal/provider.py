"""Who serves this school, how to reach them, and what to do when something is not right (S8)."""

from flask import g
from werkzeug.wrappers import Response

from app.calendars.regions import region_for
from app.cases.listing import NOT_CLOSED
from app.cases.services.queries import counts_with, provider_of
from app.cases.services.rules import in_words
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.portal.blueprint import SCHOOL, bp


@bp.get("/provider/")
@open_to(*SCHOOL)
def provider() -> Response:
    """The catchment's provider, the in-school provision, the regional office; where nobody serves it, the investigators."""
    found = provider_of(g.actor)
    return show(
        "portal/provider.html",
        found=found,
        region=region_for(found.region),
        counts=counts_with(g.actor),
        statuses=NOT_CLOSED,
        asked=in_words(found.group_asked) if found.group_asked else "",
    )
