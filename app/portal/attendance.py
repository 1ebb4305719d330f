"""What a school does with its half-day marks, and where (T1 to T6)."""

from flask import g
from werkzeug.wrappers import Response

from app.attendance.calendars.policy import WRITERS
from app.attendance.marks.queries import imports_in_review
from app.attendance.prompts.listing import number_for
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.portal.blueprint import bp


@bp.get("/attendance/")
@open_to(*WRITERS)
def attendance_of_school() -> Response:
    """The way to everything that rests on marks."""
    return show(
        "portal/attendance.html", prompts=number_for(g.actor), imports=imports_in_review(g.actor.organisation_id)
    )
