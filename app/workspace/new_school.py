"""The case manager lets a school that the student came to see the case (CASE-10)."""

from flask import g
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.arrivals.actions import show_to_new_school
from app.cases.queries import CaseHead, case_for
from app.core.web.answers import done
from app.core.web.guards import needs
from app.workspace.blueprint import bp


@bp.post("/cases/<number>/new-school")
@needs(policy.can_work, on=case_for)
def show_it(head: CaseHead) -> Response:
    is_new = show_to_new_school(head, by=g.actor)
    said = (
        "The new school sees from now on what is shared with schools." if is_new else "No school waits for this case."
    )
    return done(said, f"/workspace/cases/{head.number}/")
