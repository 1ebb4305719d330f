"""The barriers of a case, for whoever works it: named, taken over from the request, changed, ended (CASE-15)."""

from collections.abc import Iterable

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.barriers.actions import ENDED, change_barrier, end_barrier, name_barrier, take_over_barrier
from app.cases.barriers.queries import BarrierOfCase, Named, barrier_for, barriers_of
from app.cases.barriers.rules import BarrierFacts, fault_of, fault_of_kind
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.workspace.barrier_form import LABELS, BarrierForm, NewBarrierForm, filled
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.offers import Offer, offers_of
from app.written.meanwhile import Changed, Texts

LOGGED = "barriers"


def offered(head: CaseHead, named: Iterable[Named]) -> list[Offer]:
    """What schools said in their requests gets in the way, and nobody has taken over."""
    taken: set[str] = set().union(*(each.words for each in named))
    return offers_of(head, "barriers", taken)


@bp.get("/cases/<number>/barriers/new")
@needs(policy.can_change, on=case_for, log=LOGGED)
def new_barrier(head: CaseHead) -> Response:
    return _new_page(head, NewBarrierForm())


@bp.post("/cases/<number>/barriers/new")
@needs(policy.can_change, on=case_for)
def add_barrier(head: CaseHead) -> Response:
    form = NewBarrierForm(request.form)
    code = form.code.data or ""
    fault = fault_of_kind(code, clock.today())
    if not _is_in_order(form, code) or fault:
        form.code.errors = [fault] if fault else []
        return _new_page(head, form, status=422)
    barrier = name_barrier(head, code, form.facts(), by=g.actor)
    return done(f"The barrier was added. {head.school_name} does not see this.", _place(head, barrier.public_id))


@bp.post("/cases/<number>/barriers/from-request")
@needs(policy.can_change, on=case_for)
def take_barrier(head: CaseHead) -> Response:
    """What a school said, in its own words; who presses twice has it once."""
    offers = {each.mark: each for each in offered(head, barriers_of(head.case_id))}
    offer = offers.get(request.form.get("offer", ""))
    if offer is None:
        return done("It stands among the barriers already.", f"/workspace/cases/{head.number}/plan")
    barrier = take_over_barrier(head, offer.words, by=g.actor)
    return done("Taken over in the school’s words. Change it as you learn more.", _place(head, barrier.public_id))


@bp.get("/cases/<number>/barriers/<public_id>")
@needs(policy.can_change, on=barrier_for, log=LOGGED)
def barrier(found: BarrierOfCase) -> Response:
    _refuse_ended(found)
    return _page(found, filled(found.facts))


@bp.post("/cases/<number>/barriers/<public_id>")
@needs(policy.can_change, on=barrier_for)
def set_barrier(found: BarrierOfCase) -> Response:
    """Other facts; where somebody else changed them meanwhile, both are shown."""
    _refuse_ended(found)
    form = BarrierForm(request.form)
    if not _is_in_order(form, found.barrier.code):
        return _page(found, form, status=422)
    facts, version = form.facts(), form.version.data or ""
    try:
        is_new = change_barrier(found.head, found.barrier.id, facts, version=version, by=g.actor)
    except Conflict:
        return _both(found, facts, version)
    said = "Saved; what was said before is kept." if is_new else "It says that already. Nothing changed."
    return done(said, _place(found.head, found.barrier.public_id))


@bp.get("/cases/<number>/barriers/<public_id>/ending")
@needs(policy.can_change, on=barrier_for, log=LOGGED)
def barrier_ending(found: BarrierOfCase) -> Response:
    """Asked before it is done."""
    _refuse_ended(found)
    return show_case("workspace/barrier_ending.html", head=found.head, found=found, form=OnceForm())


@bp.post("/cases/<number>/barriers/<public_id>/ending")
@needs(policy.can_change, on=barrier_for)
def set_barrier_ending(found: BarrierOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return show_case("workspace/barrier_ending.html", head=found.head, status=422, found=found, form=form)
    is_new = end_barrier(found.head, found.barrier.id, by=g.actor)
    said = "The barrier has ended" if is_new else "The barrier had ended already"
    return done(f"{said}. What was said of it is kept.", f"/workspace/cases/{found.head.number}/plan")


def _is_in_order(form: BarrierForm, code: str) -> bool:
    is_valid = form.validate()
    faults = fault_of(code, form.facts(), clock.today())
    form.mend(faults)
    return is_valid and not faults


def _both(found: BarrierOfCase, typed: BarrierFacts, version: str) -> Response:
    """Nothing was written: what the other one changed is shown, and stands in the form but for what was changed here."""
    texts = Texts(version, found.facts.texts, typed.texts)
    merged = BarrierFacts(**texts.merged(found.facts.values, typed.values))
    form = filled(merged, version=texts.next_version)
    return _page(found, form, meanwhile=texts.changed(LABELS), status=409)


def _refuse_ended(found: BarrierOfCase) -> None:
    if found.barrier.ended_at:
        raise Conflict(ENDED, "It has ended")


def _place(head: CaseHead, public_id: str) -> str:
    return f"/workspace/cases/{head.number}/plan#barrier-{public_id}"


def _new_page(head: CaseHead, form: NewBarrierForm, *, status: int = 200) -> Response:
    form.offer()
    return show_case("workspace/barrier.html", head=head, status=status, form=form, found=None, meanwhile=[])


def _page(
    found: BarrierOfCase, form: BarrierForm, *, meanwhile: list[Changed] | None = None, status: int = 200
) -> Response:
    changed = meanwhile or []
    return show_case(
        "workspace/barrier.html", head=found.head, status=status, form=form, found=found, meanwhile=changed
    )
