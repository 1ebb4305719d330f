"""What an agency was told of a case, with its basis; and the basis of what is shared with the school (PRIV-2)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.agencies.actions import ENDED
from app.cases.agencies.queries import AgencyOfCase, agency_for
from app.cases.disclosures.actions import end_disclosure, record_disclosure, say_basis, whom
from app.cases.disclosures.policy import can_change_basis, can_see_basis
from app.cases.disclosures.queries import DisclosureOfCase, bases_said, disclosure_for
from app.cases.disclosures.rules import basis, basis_for_agency, basis_for_entry, fault_of, fault_of_basis
from app.cases.queries import CaseHead
from app.cases.timeline import EntryOfCase, entry_for
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.disclosure_form import BasisForm, ToldForm

LOGGED = "agencies"


@bp.get("/cases/<number>/agencies/<public_id>/told")
@needs(policy.can_change, on=agency_for, log=LOGGED)
def telling(found: AgencyOfCase) -> Response:
    """Today, and on the basis for that kind of agency, as long as nobody says otherwise."""
    _refuse_ended(found)
    form = ToldForm(data={"basis": basis_for_agency(found.agency.code), "told_on": clock.today()})
    return _telling_page(found, form)


@bp.post("/cases/<number>/agencies/<public_id>/told")
@needs(policy.can_change, on=agency_for)
def add_telling(found: AgencyOfCase) -> Response:
    _refuse_ended(found)
    form, usual = ToldForm(request.form), basis_for_agency(found.agency.code)
    is_valid, facts = form.validate(), form.facts()
    faults = fault_of(facts, clock.today(), usual=usual, may_be_told=found.agency.may_be_told)
    form.mend(faults)
    if faults or not is_valid:
        return _telling_page(found, form, status=422)
    record_disclosure(found.head, found.agency, facts, by=g.actor)
    return done(f"Written down. {found.head.school_name} does not see this.", _agencies(found.head))


@bp.get("/cases/<number>/disclosures/<public_id>/ending")
@needs(policy.can_change, on=disclosure_for, log=LOGGED)
def disclosure_ending(found: DisclosureOfCase) -> Response:
    """Asked before it is done."""
    return _ending_page(found, OnceForm())


@bp.post("/cases/<number>/disclosures/<public_id>/ending")
@needs(policy.can_change, on=disclosure_for)
def set_disclosure_ending(found: DisclosureOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _ending_page(found, form, status=422)
    is_new = end_disclosure(found.head, found.disclosure.id, by=g.actor)
    said = "It stands there as entered by mistake" if is_new else "It stood there as entered by mistake already"
    return done(f"{said}. What was written is kept.", _agencies(found.head))


@bp.get("/cases/<number>/entries/<public_id>/basis")
@needs(can_see_basis, on=entry_for, log="basis")
def entry_basis(found: EntryOfCase) -> Response:
    """On what basis the school may read it; whoever works the case says another one here, where this one is wrong."""
    return _basis_page(found, BasisForm())


@bp.post("/cases/<number>/entries/<public_id>/basis")
@needs(can_change_basis, on=entry_for)
def set_entry_basis(found: EntryOfCase) -> Response:
    form = BasisForm(request.form)
    code, why = form.basis.data or "", (form.why.data or "").strip()
    is_valid, faults = form.validate(), fault_of_basis(code, why, clock.today())
    form.mend(faults)
    if faults or not is_valid:
        return _basis_page(found, form, status=422)
    is_new = say_basis(found.head, found.entry, code, why, by=g.actor)
    said = "The basis was changed; the one before is kept." if is_new else "It is that one already. Nothing changed."
    return done(said, request.path)


def _telling_page(found: AgencyOfCase, form: ToldForm, *, status: int = 200) -> Response:
    form.choose_from_list()
    told = whom(found.agency)
    return show_case("workspace/disclosure.html", head=found.head, status=status, found=found, form=form, whom=told)


def _ending_page(found: DisclosureOfCase, form: OnceForm, *, status: int = 200) -> Response:
    return show_case("workspace/disclosure_ending.html", head=found.head, status=status, found=found, form=form)


def _basis_page(found: EntryOfCase, form: BasisForm, *, status: int = 200) -> Response:
    said = bases_said(found.entry)
    holds = said[-1].basis if said else basis_for_entry(found.entry.kind)
    form.choose_from_list(holds)
    form.basis.data = form.basis.data or holds
    return show_case(
        "workspace/basis.html",
        head=found.head,
        status=status,
        entry=found.entry,
        form=form,
        former=[(row, basis(row.basis)) for row in said],
        holds=basis(holds),
        can_change=can_change_basis(g.actor, found),
    )


def _refuse_ended(found: AgencyOfCase) -> None:
    if found.agency.ended_at:
        raise Conflict(ENDED, "It has ended")


def _agencies(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/agencies/"
