"""Transfers between services: asked for from a case, and answered by the service that it is offered to (CASE-18)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from app.cases.queries import CaseHead, case_for
from app.cases.transfers.actions import accept_transfer, ask_for_transfer, refuse_transfer, withdraw_transfer
from app.cases.transfers.policy import can_answer, can_ask, can_look
from app.cases.transfers.queries import PAGE, Offer, transfer_for, transfers_of_ours, transfers_offered, transfers_on
from app.cases.transfers.routing import services_but, services_where, suggested
from app.cases.transfers.rules import LONGEST, STATE_WORDS, WAITING
from app.core import clock
from app.core.errors import Conflict
from app.core.seen import View
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.people.models import Role
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case

UNKNOWN = "unknown"
TOO_LONG = f"Make this shorter, {LONGEST:,} characters at most"
LIST = "/workspace/transfers/"


class AskForm(OnceForm):
    """Which service, and why."""

    service = SelectField(
        "Which service should have this case?", validators=[Required("Choose a service")], validate_choice=False
    )
    why = TextAreaField(
        "Why should it go there?",
        validators=[Required("Say why, in a sentence"), Length(max=LONGEST, message=TOO_LONG)],
    )


class RefuseForm(OnceForm):
    why = TextAreaField(
        "Why does your service not take it?",
        validators=[
            Required("Say why, so that the other service knows what to do"),
            Length(max=LONGEST, message=TOO_LONG),
        ],
    )


@bp.get("/cases/<number>/transfer")
@needs(can_ask, on=case_for, log="transfer")
def transfer(head: CaseHead) -> Response:
    """The one that waits, what became of others; or the form."""
    return _page(head, None)


@bp.post("/cases/<number>/transfer")
@needs(can_ask, on=case_for)
def ask_transfer(head: CaseHead) -> Response:
    form, ids = AskForm(request.form), {each.number: each.id for each in services_but(head.service_id)}
    is_valid, chosen = form.validate(), form.service.data or ""
    if chosen not in {UNKNOWN, *ids}:
        form.service.errors = form.service.errors or ["Choose a service from the list"]
        is_valid = False
    if not is_valid:
        return _page(head, form, status=422)
    try:
        asked = ask_for_transfer(head, ids.get(chosen), (form.why.data or "").strip(), by=g.actor)
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        return _page(head, form, status=409)
    who = "The service has been told" if asked.due_on else "The Ministry’s investigators have been told"
    return done(f"{who}. Until somebody accepts, the case stays with you.", f"/workspace/cases/{head.number}/transfer")


@bp.post("/cases/<number>/transfer/withdrawal")
@needs(can_ask, on=case_for)
def withdraw_asked(head: CaseHead) -> Response:
    is_new = withdraw_transfer(head, by=g.actor)
    said = "The transfer is withdrawn. The case stays with you." if is_new else "No transfer waits. Nothing changed."
    return done(said, f"/workspace/cases/{head.number}/transfer")


@bp.get("/transfers/")
@open_to(Role.WORKFLOW_LEAD)
def transfers() -> Response:
    """What is offered to the service, and what became of its own."""
    offered = transfers_offered(g.actor, after=request.args.get("after", ""))
    ours = transfers_of_ours(g.actor, before=request.args.get("before", ""))
    g.view = View("transfers", None)
    return show(
        "workspace/transfers.html",
        offered=offered[:PAGE],
        has_more=len(offered) > PAGE,
        ours=ours[:PAGE],
        has_older=len(ours) > PAGE,
        states=STATE_WORDS,
        today=clock.today(),
    )


@bp.get("/transfers/<public_id>")
@needs(can_look, on=transfer_for, log="transfer")
def offered_transfer(offer: Offer) -> Response:
    return _offer_page(offer, RefuseForm())


@bp.post("/transfers/<public_id>/acceptance")
@needs(can_answer, on=transfer_for)
def accept(offer: Offer) -> Response:
    case = accept_transfer(offer, by=g.actor)
    waits = f"on hold until {case.pause_until:%-d %B %Y}" if case.pause_until else "in your queue"
    said = f"Accepted: the case is {waits}, with its history. Give it to a case manager."
    return done(said, f"/workspace/cases/{case.number}/assignment")


@bp.post("/transfers/<public_id>/refusal")
@needs(can_answer, on=transfer_for)
def refuse(offer: Offer) -> Response:
    form = RefuseForm(request.form)
    if not form.validate():
        return _offer_page(offer, form, status=422)
    refuse_transfer(offer, (form.why.data or "").strip(), by=g.actor)
    return done(f"Refused. {offer.from_name} is told, and reads why.", LIST)


def _offer_page(offer: Offer, form: RefuseForm, *, status: int = 200) -> Response:
    """What decides; of one that has ended, that it has."""
    waits = can_answer(g.actor, offer)
    return show(
        "workspace/transfer_offered.html", status=status, offer=offer, form=form, waits=waits, states=STATE_WORDS
    )


def _page(head: CaseHead, form: AskForm | None, *, status: int = 200) -> Response:
    there = suggested(services_where(head.student_id, head.school_id), head.service_id)
    services = {each.id: (each.number, each.name) for each in services_but(head.service_id)}
    first = services.pop(there.service_id) if there else ("", "Choose a service")
    form = form or AskForm(data={"service": first[0]})
    form.service.choices = [first, *services.values(), (UNKNOWN, "I do not know: ask the Ministry’s investigators")]
    asked = transfers_on(head.case_id)
    waiting = next((each for each in asked if each.state in WAITING), None)
    return show_case(
        "workspace/transfer.html",
        head=head,
        status=status,
        form=form,
        there=there,
        waiting=waiting,
        ended=[each for each in asked if each is not waiting],
        states=STATE_WORDS,
        today=clock.today(),
    )
