"""The caregivers of a case's student, for whoever works it: named, changed, ended (CASE-14)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.caregivers.queries import CaregiverOfCase, caregiver_for
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.facts import lines
from app.letters.window import fault_of_window, the_window
from app.students.caregivers.actions import (
    NAMED_NO_MORE,
    change_caregiver,
    end_caregiver,
    mark_detail,
    name_caregiver,
)
from app.students.caregivers.queries import former_caregivers
from app.students.caregivers.rules import LABELS as DETAIL_WORDS
from app.students.caregivers.rules import details_of
from app.students.models import Tried
from app.students.queries import named_caregivers
from app.students.rules import CaregiverFacts, facts_of, fault_of
from app.workspace.blueprint import bp
from app.workspace.caregiver_form import LABELS, CaregiverForm, filled
from app.workspace.case_pages import show_case
from app.written.meanwhile import Changed, Texts

LOGGED = "caregivers"
FOUND = {"reached": Tried.CURRENT, "not_current": Tried.NOT_CURRENT}
SAID = {
    Tried.CURRENT: "{name} was reached there today: {detail}.",
    Tried.NOT_CURRENT: "Not current any more: {detail} of {name}.",
}


@bp.get("/cases/<number>/caregivers/")
@needs(policy.can_read_details, on=case_for, log=LOGGED)
def caregivers(head: CaseHead) -> Response:
    """Everybody who was named, by whom, and what is known of how they are reached."""
    found, former = named_caregivers(head.student_id), former_caregivers(head.student_id)
    still = [row for row in found if row.ended_at is None]
    return show_case(
        "workspace/caregivers.html",
        head=head,
        named=[(row, facts_of(row), details_of(row, former.get(row.id, []))) for row in still],
        ended=[row for row in found if row.ended_at],
        can_change=policy.can_change(g.actor, head),
    )


@bp.get("/cases/<number>/caregivers/new")
@needs(policy.can_change, on=case_for, log=LOGGED)
def new_caregiver(head: CaseHead) -> Response:
    return _form_page(head, filled(None))


@bp.post("/cases/<number>/caregivers/new")
@needs(policy.can_change, on=case_for)
def add_new_caregiver(head: CaseHead) -> Response:
    form = CaregiverForm(request.form)
    if not _is_in_order(form, None):
        return _form_page(head, form, status=422)
    caregiver = name_caregiver(head, form.facts(), by=g.actor)
    said = f"{caregiver.name} was added. {head.school_name} does not see this."
    return done(_with_window(said, form.facts()), _list(head))


@bp.get("/cases/<number>/caregivers/<public_id>")
@needs(policy.can_change, on=caregiver_for, log=LOGGED)
def caregiver(found: CaregiverOfCase) -> Response:
    _refuse_ended(found)
    return _form_page(found.head, filled(found.facts), found)


@bp.post("/cases/<number>/caregivers/<public_id>")
@needs(policy.can_change, on=caregiver_for)
def set_caregiver(found: CaregiverOfCase) -> Response:
    """Other facts; where somebody else changed them meanwhile, both are shown."""
    _refuse_ended(found)
    form, was = CaregiverForm(request.form), found.facts
    if not _is_in_order(form, was):
        return _form_page(found.head, form, found, status=422)
    facts, version = form.facts(), form.version.data or ""
    try:
        is_new = change_caregiver(found.head, found.caregiver.id, facts, version=version, by=g.actor)
    except Conflict:
        return _both(found, facts, version)
    said = "Saved; what was recorded before is kept." if is_new else "It says that already. Nothing changed."
    return done(_with_window(said, facts), _list(found.head))


@bp.get("/cases/<number>/caregivers/<public_id>/ending")
@needs(policy.can_change, on=caregiver_for, log=LOGGED)
def ending(found: CaregiverOfCase) -> Response:
    """Asked before it is done."""
    _refuse_ended(found)
    return show_case("workspace/caregiver_ending.html", head=found.head, found=found, form=OnceForm())


@bp.post("/cases/<number>/caregivers/<public_id>/ending")
@needs(policy.can_change, on=caregiver_for)
def set_ending(found: CaregiverOfCase) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return show_case("workspace/caregiver_ending.html", head=found.head, status=422, found=found, form=form)
    is_new = end_caregiver(found.head, found.caregiver.id, by=g.actor)
    said = "is not named as a caregiver any more" if is_new else "was not named any more already"
    return done(f"{found.caregiver.name} {said}. What was recorded is kept.", _list(found.head))


@bp.post("/cases/<number>/caregivers/<public_id>/details")
@needs(policy.can_change, on=caregiver_for)
def set_detail(found: CaregiverOfCase) -> Response:
    """One press: they were reached there today, or it was found that they are not."""
    detail, state = request.form.get("detail", ""), FOUND.get(request.form.get("found", ""))
    if detail not in DETAIL_WORDS or state is None:
        raise Conflict("Press one of the buttons beside an address, a number or an e-mail address.")
    mark = request.form.get("mark", "")
    is_new = mark_detail(found.head, found.caregiver.id, detail, state, mark=mark, by=g.actor)
    said = SAID[state].format(name=found.caregiver.name, detail=DETAIL_WORDS[detail].lower())
    return done(said if is_new else "It says that already, of today. Nothing changed.", _list(found.head))


def _is_in_order(form: CaregiverForm, was: CaregiverFacts | None) -> bool:
    is_valid = form.validate()
    faults = fault_of(form.facts(), clock.today(), was=was)
    form.mend(faults)
    return is_valid and not faults


def _both(found: CaregiverOfCase, typed: CaregiverFacts, version: str) -> Response:
    """Nothing was written: what the other one changed is shown, and stands in the form but for what was changed here."""
    found = caregiver_for(g.actor, found.head.number, found.caregiver.public_id) or found
    now = found.facts
    texts = Texts(version, now.texts, typed.texts)
    merged = CaregiverFacts(**texts.merged(now.values, typed.values))
    form = filled(merged, version=texts.next_version)
    return _form_page(found.head, form, found, meanwhile=texts.changed(LABELS), status=409)


def _refuse_ended(found: CaregiverOfCase) -> None:
    if found.caregiver.ended_at:
        raise Conflict(NAMED_NO_MORE, "They are not named any more")


def _with_window(said: str, facts: CaregiverFacts) -> str:
    """A letter to them would not be ready: said at once."""
    fault = fault_of_window([facts.name, *lines(facts.address)], the_window()) if facts.address else ""
    return f"{said} {fault} A letter waits until it is shorter." if fault else said


def _list(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/caregivers/"


def _form_page(
    head: CaseHead,
    form: CaregiverForm,
    found: CaregiverOfCase | None = None,
    *,
    meanwhile: list[Changed] | None = None,
    status: int = 200,
) -> Response:
    return show_case(
        "workspace/caregiver.html",
        head=head,
        status=status,
        form=form,
        found=found,
        meanwhile=meanwhile or [],
        most_lines=the_window().most_lines,
    )
