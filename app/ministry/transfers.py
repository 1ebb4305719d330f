"""The investigators offer transfers between services that wait for it, and see which are not answered (CASE-18)."""

from urllib.parse import quote

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from app.cases.queries import CaseHead, case_for
from app.cases.transfers.actions import ask_for_transfer, offer_transfer
from app.cases.transfers.policy import can_ask, can_look, can_offer
from app.cases.transfers.queries import PAGE, Offer, transfer_for, transfers_waiting
from app.cases.transfers.routing import services_but, services_where
from app.cases.transfers.rules import LONGEST, STATE_WORDS
from app.core.errors import Conflict
from app.core.seen import View
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs, open_to
from app.ministry.blueprint import bp
from app.people.models import Role

LIST = "/ministry/transfers/"
FROM_LIST = "Choose a service from the list"


class OfferForm(OnceForm):
    service = SelectField(
        "To which service is it offered?", validators=[Required("Choose a service")], validate_choice=False
    )


class AskForm(OfferForm):
    why = TextAreaField(
        "Why should it go there?",
        validators=[
            Required("Say why, in a sentence"),
            Length(max=LONGEST, message=f"Make this shorter, {LONGEST:,} characters at most"),
        ],
    )


@bp.get("/transfers/")
@open_to(Role.INVESTIGATOR)
def transfers() -> Response:
    """All that wait, oldest first."""
    found = transfers_waiting(g.actor, after=request.args.get("after", ""))
    g.view = View("transfers", None)
    return show("ministry/transfers.html", transfers=found[:PAGE], has_more=len(found) > PAGE, states=STATE_WORDS)


@bp.get("/transfers/<public_id>")
@needs(can_look, on=transfer_for, log="transfer")
def transfer(found: Offer) -> Response:
    return _page(found, None)


@bp.post("/transfers/<public_id>")
@needs(can_offer, on=transfer_for)
def offer(found: Offer) -> Response:
    form = OfferForm(request.form)
    services = {each.number: each for each in services_but(found.from_id)}
    chosen = services.get(form.service.data or "")
    if not form.validate() or chosen is None:
        form.service.errors = form.service.errors or [FROM_LIST]
        return _page(found, form, status=422)
    if not offer_transfer(found, chosen.id, by=g.actor):
        return done(f"It is offered to {chosen.name} already. Nothing changed.", LIST)
    return done(f"Offered. {chosen.name} is told, and has to answer.", LIST)


@bp.get("/transfers/ask")
@open_to(Role.INVESTIGATOR)
def find_to_ask() -> Response:
    """By its number, as it was typed."""
    number = request.args.get("number", "").strip()
    return elsewhere(f"/ministry/cases/{quote(number, safe='')}/transfer" if number else LIST)


@bp.get("/cases/<number>/transfer")
@needs(can_ask, on=case_for, log="transfer")
def asking(head: CaseHead) -> Response:
    """A notice that should go elsewhere."""
    return _ask_page(head, AskForm())


@bp.post("/cases/<number>/transfer")
@needs(can_ask, on=case_for)
def ask(head: CaseHead) -> Response:
    form, services = AskForm(request.form), {each.number: each.id for each in services_but(head.service_id)}
    if not form.validate() or form.service.data not in services:
        form.service.errors = form.service.errors or ([] if form.service.data in services else [FROM_LIST])
        return _ask_page(head, form, status=422)
    try:
        asked = ask_for_transfer(head, services[form.service.data], (form.why.data or "").strip(), by=g.actor)
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        return _ask_page(head, form, status=409)
    said = "Asked for, and offered there." if asked.due_on else "Asked for. Offer it now."
    return done(said, f"{LIST}{asked.public_id}")


def _ask_page(head: CaseHead, form: AskForm, *, status: int = 200) -> Response:
    services = services_but(head.service_id)
    form.service.choices = [("", "Choose a service"), *((each.number, each.name) for each in services)]
    routed = services_where(head.student_id, head.school_id)
    return show("ministry/transfer_ask.html", status=status, case=head, form=form, routed=routed)


def _page(found: Offer, form: OfferForm | None, *, status: int = 200) -> Response:
    """What decides: who has it, which service is wanted and why, and whom routing names for the student."""
    services = services_but(found.from_id)
    wanted = next((each.number for each in services if each.id == found.to_id), "")
    form = form or OfferForm(data={"service": wanted})
    none = [] if wanted else [("", "Choose a service")]
    form.service.choices = [*none, *((each.number, each.name) for each in services)]
    routed = services_where(found.student_id, found.school_id)
    waits = can_offer(g.actor, found)
    return show(
        "ministry/transfer.html", status=status, offer=found, form=form, routed=routed, waits=waits, states=STATE_WORDS
    )
