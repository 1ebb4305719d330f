"""Other agencies that know the student, for whoever works the case: named, changed, ended (CASE-17)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.agencies.actions import ENDED, change_agency, end_agency, name_agency
from app.cases.agencies.queries import AgencyOfCase, agency_for
from app.cases.agencies.rules import LIMITS, TOLD_WORDS, AgencyFacts, fault_of, fault_of_kind, label_of
from app.cases.disclosures.queries import agencies_told
from app.cases.disclosures.rules import basis
from app.cases.plans.policy import can_read_plan
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.workspace.agency_form import LABELS, AgencyForm, NewAgencyForm, filled
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.offers import Offer, offers_of
from app.written.meanwhile import Changed, Texts

LOGGED = "agencies"


@bp.get("/cases/<number>/agencies/")
@needs(can_read_plan, on=case_for, log=LOGGED)
def agencies(head: CaseHead) -> Response:
    """Every agency, and what schools said of others in their requests."""
    can_change = policy.can_change(g.actor, head)
    rows, told = agencies_told(head.student_id, head.case_id)
    given = [(row.given_by, row.added_at) for row in rows]
    offers = offers_of(head, "agencies") if can_change else []
    return show_case(
        "workspace/agencies.html",
        head=head,
        named=rows,
        label_of=label_of,
        may_be_told=TOLD_WORDS,
        disclosures=[(row, basis(row.basis)) for row in told],
        offers=[each for each in offers if not any(each.is_taken(*row) for row in given)],
        can_change=can_change,
    )


@bp.get("/cases/<number>/agencies/new")
@needs(policy.can_change, on=case_for, log=LOGGED)
def new_agency(head: CaseHead) -> Response:
    """Empty; or with what a school said, where that is as short as a name."""
    offer = _offer(head, request.args.get("offer", ""))
    name = offer.words if offer and len(offer.words) <= LIMITS["name"] else ""
    return _new_page(head, NewAgencyForm(data={"name": name, "offer": offer.mark if offer else ""}), offer)


@bp.post("/cases/<number>/agencies/new")
@needs(policy.can_change, on=case_for)
def add_agency(head: CaseHead) -> Response:
    form = NewAgencyForm(request.form)
    code, offer = form.code.data or "", _offer(head, form.offer.data or "")
    fault = fault_of_kind(code, clock.today())
    if not _is_in_order(form, code) or fault:
        form.code.errors = [fault] if fault else []
        return _new_page(head, form, offer, status=422)
    name_agency(head, code, form.facts(), by=g.actor, given_by=offer.school_id if offer else None)
    return done(f"The agency was added. {head.school_name} does not see this.", _list(head))


@bp.get("/cases/<number>/agencies/<public_id>")
@needs(policy.can_change, on=agency_for, log=LOGGED)
def agency(found: AgencyOfCase) -> Response:
    _refuse_ended(found)
    return _page(found, filled(found.facts))


@bp.post("/cases/<number>/agencies/<public_id>")
@needs(policy.can_change, on=agency_for)
def set_agency(found: AgencyOfCase) -> Response:
    """Other facts; where somebody else changed them meanwhile, both are shown."""
    _refuse_ended(found)
    form = AgencyForm(request.form)
    if not _is_in_order(form, found.agency.code):
        return _page(found, form, status=422)
    facts, version = form.facts(), form.version.data or ""
    try:
        is_new = change_agency(found.head, found.agency.id, facts, version=version, by=g.actor)
    except Conflict:
        return _both(found, facts, version)
    return done("Saved." if is_new else "It says that already. Nothing changed.", _list(found.head))


@bp.get("/cases/<number>/agencies/<public_id>/ending")
@needs(policy.can_change, on=agency_for, log=LOGGED)
def agency_ending(found: AgencyOfCase) -> Response:
    """Asked before it is done."""
    _refuse_ended(found)
    return show_case("workspace/agency_ending.html", head=found.head, found=found, form=OnceForm())


@bp.post("/cases/<number>/agencies/<public_id>/ending")
@needs(policy.can_change, on=agency_for)
def set_agency_ending(found: AgencyOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return show_case("workspace/agency_ending.html", head=found.head, status=422, found=found, form=form)
    is_new = end_agency(found.head, found.agency.id, by=g.actor)
    said = "The agency is not involved any more" if is_new else "The agency was not involved any more already"
    return done(f"{said}. What was recorded is kept.", _list(found.head))


def _offer(head: CaseHead, mark: str) -> Offer | None:
    return next((each for each in offers_of(head, "agencies") if each.mark == mark), None) if mark else None


def _is_in_order(form: AgencyForm, code: str) -> bool:
    is_valid = form.validate()
    faults = fault_of(code, form.facts(), clock.today())
    form.mend(faults)
    return is_valid and not faults


def _both(found: AgencyOfCase, typed: AgencyFacts, version: str) -> Response:
    """Nothing was written: what the other one changed is shown, and stands in the form but for what was changed here."""
    texts = Texts(version, found.facts.texts, typed.texts)
    merged = AgencyFacts(**texts.merged(found.facts.values, typed.values))
    form = filled(merged, version=texts.next_version)
    return _page(found, form, meanwhile=texts.changed(LABELS), status=409)


def _refuse_ended(found: AgencyOfCase) -> None:
    if found.agency.ended_at:
        raise Conflict(ENDED, "It has ended")


def _list(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/agencies/"


def _new_page(head: CaseHead, form: NewAgencyForm, offer: Offer | None, *, status: int = 200) -> Response:
    form.choose_from_list()
    return show_case(
        "workspace/agency.html", head=head, status=status, form=form, found=None, offer=offer, meanwhile=[]
    )


def _page(
    found: AgencyOfCase, form: AgencyForm, *, meanwhile: list[Changed] | None = None, status: int = 200
) -> Response:
    changed = meanwhile or []
    return show_case("workspace/agency.html", head=found.head, status=status, form=form, found=found, meanwhile=changed)
