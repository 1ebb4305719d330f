"""The plan is made, changed and reviewed: each time a new version (CASE-16)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response

from app.calendars.school_days import school_day_after
from app.cases import policy
from app.cases.heading import readers_of
from app.cases.plans.actions import write_plan
from app.cases.plans.queries import Version, plan_in_force, version_of_case
from app.cases.plans.rules import PlanFacts, fault_of, merged
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.errors import Conflict
from app.core.figures import the_figures
from app.core.web.answers import done
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.plan_form import PlanForm, ReviewForm, filled
from app.written.meanwhile import Changed

NOTHING = PlanFacts()
NONE_YET = "There is no plan to review yet. Make one first."


@bp.get("/cases/<number>/plan/change")
@needs(policy.can_change, on=case_for, log="plan")
def change_plan(head: CaseHead) -> Response:
    """The first one, with the day of its review proposed; or the one in force."""
    now = plan_in_force(head.case_id)
    first = PlanFacts(review_on=_proposed(head)[0])
    return _page(head, filled(now.facts if now else first, version=now.number if now else 0))


@bp.post("/cases/<number>/plan/change")
@needs(policy.can_change, on=case_for)
def set_plan(head: CaseHead) -> Response:
    return _written(head, PlanForm(request.form))


@bp.get("/cases/<number>/plan/review")
@needs(policy.can_change, on=case_for, log="plan")
def review_plan(head: CaseHead) -> Response:
    now = plan_in_force(head.case_id)
    if now is None:
        raise Conflict(NONE_YET, "No plan yet")
    form = filled(now.facts, version=now.number, kind=ReviewForm, review_on=_proposed(head)[0])
    return _page(head, form)


@bp.post("/cases/<number>/plan/review")
@needs(policy.can_change, on=case_for)
def set_review(head: CaseHead) -> Response:
    return _written(head, ReviewForm(request.form))


def _written(head: CaseHead, form: PlanForm) -> Response:
    """Keep it as the next version; or give room for more, and keep nothing yet."""
    if "more" in request.form:
        form.make_room()
        return _page(head, form)
    is_review = isinstance(form, ReviewForm)
    base = version_of_case(head, form.was)
    is_valid = form.validate()
    faults = fault_of(form.facts(), clock.today(), was=base.facts if base else None, is_review=is_review)
    form.mend(faults)
    if not is_valid or faults:
        return _page(head, form, status=422)
    if form.was and base is None:
        return _both(head, form, base)
    review = form.review() if isinstance(form, ReviewForm) else None
    try:
        is_new = write_plan(head, form.facts(), was=base, by=g.actor, review=review)
    except Conflict:
        return _both(head, form, base)
    said = f"Saved. {_who_reads(head, form.facts())}" if is_new else "It says that already. Nothing changed."
    return done(said, f"/workspace/cases/{head.number}/plan#plan")


def _both(head: CaseHead, form: PlanForm, base: Version | None) -> Response:
    """Nothing was written: what the other one changed is shown, and stands in the form but for what was changed here."""
    now, typed = plan_in_force(head.case_id), form.facts()
    was, is_now = (base.facts if base else NOTHING), (now.facts if now else NOTHING)
    after = merged(was, is_now, typed)
    mine = typed.texts
    changed = [
        Changed(name, text, mine.get(name, "") if mine.get(name) != was.texts.get(name) else None)
        for name, text in is_now.texts.items()
        if text != was.texts.get(name) and text != mine.get(name)
    ]
    more = {"outcome": form.outcome.data, "note": form.note.data} if isinstance(form, ReviewForm) else {}
    again = filled(after, version=now.number if now else 0, kind=type(form), **more)
    return _page(head, again, meanwhile=changed, who=now.row.made_by if now else "", status=409)


def _who_reads(head: CaseHead, told: PlanFacts) -> str:
    if told.is_shared:
        return f"{readers_of(head)} can read goals, actions and the day of the review."
    return f"{readers_of(head)} cannot see this plan."


def _proposed(head: CaseHead) -> tuple[date | None, str]:
    """So many school days from today, and what had to be assumed."""
    found = school_day_after(clock.today(), the_figures().plan_review_days, head.region)
    return (found.day, found.assumed) if found else (None, "")


def _page(
    head: CaseHead, form: PlanForm, *, meanwhile: list[Changed] | None = None, who: str = "", status: int = 200
) -> Response:
    day, assumed = _proposed(head)
    return show_case(
        "workspace/plan_form.html",
        head=head,
        status=status,
        form=form,
        is_review=isinstance(form, ReviewForm),
        meanwhile=meanwhile or [],
        who=who,
        proposed=day,
        assumed=assumed,
    )
