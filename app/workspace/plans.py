"""What gets in the way, and the plan: one calm page of a case; each version of the plan, and one to print (CASE-16)."""

from flask import g
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.barriers.queries import barriers_of
from app.cases.plans.policy import can_read_plan
from app.cases.plans.queries import VersionOfCase, plan_in_force, version_for, versions_of, whole
from app.cases.plans.rules import OUTCOME_WORDS, STATE_WORDS, differences
from app.cases.queries import CaseHead, case_for
from app.cases.unsent.rules import PLAN, REVIEW
from app.core import clock
from app.core.web.answers import show
from app.core.web.guards import needs
from app.referrals.provisions.queries import provider_of
from app.referrals.provisions.rules import NOT_ENOUGH
from app.workspace.barriers import offered
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.kept_forms import words_left


@bp.get("/cases/<number>/plan")
@needs(can_read_plan, on=case_for, log="plan")
def plan(head: CaseHead) -> Response:
    """Barriers, the plan in force, and what was before."""
    can_change = policy.can_change(g.actor, head)
    named, versions = barriers_of(head.case_id), versions_of(head.case_id)
    return show_case(
        "workspace/plan.html",
        head=head,
        barriers=named,
        offers=offered(head, named) if can_change else [],
        versions=versions,
        plan=whole(versions[0]) if versions else None,
        outcomes=OUTCOME_WORDS,
        states=STATE_WORDS,
        today=clock.today(),
        can_change=can_change,
        left=[] if can_change else words_left(head, PLAN, REVIEW),
        provider=provider_of(head) if can_change and versions and versions[0].outcome in NOT_ENOUGH else None,
    )


@bp.get("/cases/<number>/plan/versions/<version>")
@needs(can_read_plan, on=version_for, log="plan")
def plan_version(found: VersionOfCase) -> Response:
    """A former version, and what became of it."""
    after = found.after
    return show_case(
        "workspace/plan_version.html",
        head=found.head,
        plan=found.version,
        after=after,
        changed=differences(found.version.facts, after.facts) if after else [],
        states=STATE_WORDS,
    )


@bp.get("/cases/<number>/plan/print")
@needs(can_read_plan, on=case_for, log="plan for the whānau")
def plan_to_print(head: CaseHead) -> Response:
    """In plain words for the whānau: no safety note, nothing of other caregivers, nothing that only a service needs."""
    return show("workspace/plan_print.html", case=head, plan=plan_in_force(head.case_id), today=clock.today())
