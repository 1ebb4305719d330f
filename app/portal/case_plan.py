"""The plan that a service shares with the school (CASE-16)."""

from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.plans.queries import plan_shared_with_school
from app.cases.plans.rules import STATE_WORDS
from app.cases.queries import CaseHead, case_for
from app.core.web.answers import show
from app.core.web.guards import needs
from app.portal.blueprint import bp


@bp.get("/cases/<number>/plan")
@needs(policy.can_see, on=case_for, log="plan")
def plan(head: CaseHead) -> Response:
    """Goals, actions and the day of the review. Where nothing is shared the page says so, whatever there is."""
    return show("portal/plan.html", case=head, plan=plan_shared_with_school(head.case_id), states=STATE_WORDS)
