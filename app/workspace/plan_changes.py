"""The plan is made, changed and reviewed: each time a new version (CASE-16)."""

from datetime import date

from flask import g, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.attendance.calendars.queries import calendar_of
from app.calendars.school_days import school_day_after
from app.cases import policy
from app.cases.heading import readers_of
from app.cases.plans.actions import write_plan
from app.cases.plans.queries import Version, plan_in_force, version_of_case
from app.cases.plans.rules import PlanFacts, fault_of, merged
from app.cases.queries import CaseHead, case_for
from app.cases.unsent.queries import UnsentForm, unsent_form_for
from app.cases.unsent.rules import PLAN, REVIEW
from app.core import clock
from app.core.errors import Conflict
from app.core.figures import the_figures
from app.core.web.answers import done
from app.core.web.guards import needs
from app.core.web.writes import Sent
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.kept_forms import forget_typed, keep_typed, window_now
from app.workspace.plan_form import PlanForm, ReviewForm, filled
from app.written.meanwhile import Changed

NOTHING = PlanFacts()
NONE_YET = "There is no plan to review yet. Make one first."


@bp.get("/cases/<number>/plan/change")
@needs(policy.can_change, on=case_for, log="plan")
def change_plan(head: CaseHead) -> Response:
    """What was typed before and not saved; else the first one, with the day of its review proposed, or the one in force."""
    if unsent := unsent_form_for(g.actor, head.case_id, PLAN):
        return _page(head, PlanForm(MultiDict(unsent.typed)), unsent=unsent)
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
    if unsent := unsent_form_for(g.actor, head.case_id, REVIEW):
        return _page(head, ReviewForm(MultiDict(unsent.typed)), unsent=unsent)
    form = filled(now.facts, version=now.number, kind=ReviewForm, review_on=_proposed(head)[0])
    return _page(head, form)


@bp.post("/cases/<number>/plan/review")
@needs(policy.can_change, on=case_for)
def set_review(head: CaseHead) -> Response:
    return _written(head, ReviewForm(request.form))


@bp.post("/cases/<number>/plan/change/unsent")
@needs(policy.can_change, on=case_for, sent=Sent.REPEATS)
def save_plan(head: CaseHead) -> Response:
    """What is typed is kept for its writer alone, until it is saved as the next version."""
    return keep_typed(head, PLAN, f"/workspace/cases/{head.number}/plan/change")


@bp.post("/cases/<number>/plan/review/unsent")
@needs(policy.can_change, on=case_for, sent=Sent.REPEATS)
def save_review(head: CaseHead) -> Response:
    """The same of a review."""
    return keep_typed(head, REVIEW, f"/workspace/cases/{head.number}/plan/review")


def _written(head: CaseHead, form: PlanForm) -> Response:
    """Keep it as the next version; or give room for more, and keep nothing yet."""
    if "leave" in request.form:
        return _left(head, form)
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
    forget_typed(head, _which(form))
    said = f"Saved. {_who_reads(head, form.facts())}" if is_new else "It says that already. Nothing changed."
    return done(said, f"/workspace/cases/{head.number}/plan#plan")


def _left(head: CaseHead, form: PlanForm) -> Response:
    forget_typed(head, _which(form))
    return done("Thrown away: the plan says what it said.", f"/workspace/cases/{head.number}/plan")


def _which(form: PlanForm) -> str:
    return REVIEW if isinstance(form, ReviewForm) else PLAN


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
    calendar = calendar_of(head.school_id, head.region)
    found = school_day_after(clock.today(), the_figures().plan_review_days, calendar)
    return (found.day, found.assumed) if found else (None, "")


def _page(
    head: CaseHead,
    form: PlanForm,
    *,
    meanwhile: list[Changed] | None = None,
    who: str = "",
    unsent: UnsentForm | None = None,
    status: int = 200,
) -> Response:
    day, assumed = _proposed(head)
    return show_case(
        "workspace/plan_form.html",
        head=head,
        status=status,
        form=form,
        unsent=unsent,
        window=window_now(unsent),
        is_review=isinstance(form, ReviewForm),
        meanwhile=meanwhile or [],
        who=who,
        proposed=day,
        assumed=assumed,
    )
