"""Who has how much, and who stands in for whom over a whole caseload (P12, M4, CASE-9)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.assignment.queries import Able, case_managers_with_load, due_this_week
from app.cases.covers.actions import Days, cover_caseload, end_caseload_cover
from app.cases.covers.queries import caseload_covers
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.figures import counted
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs, open_to
from app.people.models import Role
from app.people.queries import Actor
from app.workspace.blueprint import bp
from app.workspace.cover_form import CoverForm

HERE = "/workspace/caseloads/"


@dataclass(frozen=True)
class Colleague:
    """One of the service's case managers, and the others."""

    able: Able
    everybody: Sequence[Able]

    @property
    def others(self) -> list[Able]:
        return [each for each in self.everybody if each.id != self.able.id]

    @property
    def address(self) -> str:
        return f"{HERE}{self.able.public_id}/"


def colleague_for(actor: Actor, public_id: str) -> Colleague | None:
    """A case manager at the actor's service; to all but its leads nobody is."""
    everybody = case_managers_with_load(actor) if actor.organisation_kind else []
    able = next((each for each in everybody if each.public_id == public_id), None)
    return Colleague(able, everybody) if able else None


def can_spread(actor: Actor, colleague: Colleague) -> bool:
    """Only a workflow lead arranges cover, and hands over caseloads."""
    return actor.role is Role.WORKFLOW_LEAD


@bp.get("/caseloads/")
@open_to(Role.WORKFLOW_LEAD)
def caseloads() -> Response:
    covers: dict[int, list[AnyRow]] = {}
    for row in caseload_covers(g.actor):
        covers.setdefault(row.covered_id, []).append(row)
    return show(
        "workspace/caseloads.html",
        people=case_managers_with_load(g.actor),
        due=due_this_week(g.actor),
        covers=covers,
    )


@bp.get("/caseloads/<public_id>/cover")
@needs(can_spread, on=colleague_for)
def caseload_cover(colleague: Colleague) -> Response:
    return _page(colleague, CoverForm())


@bp.post("/caseloads/<public_id>/cover")
@needs(can_spread, on=colleague_for)
def set_caseload_cover(colleague: Colleague) -> Response:
    form, others = CoverForm(request.form), {each.public_id: each for each in colleague.others}
    chosen, is_right = others.get(form.case_manager.data or ""), form.validate()
    if chosen is None:
        form.case_manager.errors = form.case_manager.errors or ["Choose somebody from the list"]
    if chosen is None or not is_right or not form.first.data or not form.last.data:
        return _page(colleague, form, status=422)
    try:
        count = cover_caseload(colleague.able.id, chosen.id, Days(form.first.data, form.last.data), by=g.actor)
    except Refused as refused:
        form.last.errors = [refused.why]
        return _page(colleague, form, status=422)
    return done(_said(colleague.able.name, chosen.name, count), HERE)


@bp.post("/caseloads/<public_id>/cover/ending")
@needs(can_spread, on=colleague_for)
def end_covers(colleague: Colleague) -> Response:
    """Before its last day, or before it has begun."""
    others = {each.public_id: each for each in colleague.others}
    chosen = others.get(request.form.get("case_manager", ""))
    form = OnceForm(request.form)
    if not form.validate():
        return _page(colleague, CoverForm(), status=422)
    count = end_caseload_cover(colleague.able.id, chosen.id, by=g.actor) if chosen else 0
    if chosen is None or not count:
        return done("Nobody stood in there any more. Nothing changed.", HERE)
    return done(f"{chosen.name} stands in no more for {colleague.able.name}, on {counted(count, 'case')}.", HERE)


def _said(covered: str, name: str, count: int) -> str:
    if not count:
        return f"{name} stands in for {covered} on these days already. Nothing changed, and nobody was told."
    return (
        f"{name} stands in for {covered} on {counted(count, 'case')}, and on what {covered} is given meanwhile. "
        "It ends by itself. Both are told once."
    )


def _page(colleague: Colleague, form: CoverForm, *, status: int = 200) -> Response:
    form.offer(colleague.others)
    covers = [row for row in caseload_covers(g.actor) if row.covered_id == colleague.able.id]
    return show(
        "workspace/caseload_cover.html",
        status=status,
        colleague=colleague,
        form=form,
        covers=covers,
    )
