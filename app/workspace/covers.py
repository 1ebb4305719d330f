"""Somebody stands in for the case manager of one case (P12, CASE-9)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.assignment.queries import case_managers_with_load
from app.cases.covers.actions import NO_MANAGER, Days, cover_case, end_cover
from app.cases.covers.policy import can_cover
from app.cases.covers.queries import covers_of
from app.cases.queries import CaseHead, case_for
from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.cover_form import CoverForm


@bp.get("/cases/<number>/cover")
@needs(can_cover, on=case_for, log="assignment")
def case_cover(head: CaseHead) -> Response:
    return _page(head, CoverForm())


@bp.post("/cases/<number>/cover")
@needs(can_cover, on=case_for)
def set_case_cover(head: CaseHead) -> Response:
    form = CoverForm(request.form)
    if not form.validate() or not form.first.data or not form.last.data:
        return _page(head, form, status=422)
    try:
        cover = cover_case(head, form.case_manager.data or "", Days(form.first.data, form.last.data), by=g.actor)
    except Refused as refused:
        (form.case_manager if refused.why == NO_MANAGER else form.last).errors = [refused.why]
        return _page(head, form, status=422)
    return done(f"{cover.name} stands in on this case. It ends by itself. Whoever it concerns is told.", _here(head))


@bp.post("/cases/<number>/cover/ending")
@needs(can_cover, on=case_for)
def end_case_cover(head: CaseHead) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(head, CoverForm(), status=422)
    one = next((row for row in covers_of(head) if row.public_id == request.form.get("case_manager")), None)
    if one and end_cover(head.case_id, one.person_id, by=g.actor):
        return done(
            f"{one.name} stands in no more on this case; tasks that they were to do are for whoever has it. Whoever it concerns is told.",
            _here(head),
        )
    return done("They did not stand in any more. Nothing changed.", _here(head))


def _here(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/"


def _page(head: CaseHead, form: CoverForm, *, status: int = 200) -> Response:
    form.offer([person for person in case_managers_with_load(g.actor) if person.id != head.manager_id])
    covers = covers_of(head)
    return show_case("workspace/case_cover.html", head=head, status=status, form=form, covers=covers)
