"""A workflow lead lets a letter be written out of its turn, or has a ladder begin again (LET-2)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.dossiers import Addressee, addressee_for
from app.letters.exceptions.actions import end_exception, except_step, restart
from app.letters.exceptions.policy import can_rule
from app.letters.exceptions.queries import ExceptionOfCase, exception_for, may_restart, to_except
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.places import address_of
from app.written.letter_forms import ExceptionForm, RulingForm

TO = "/cases/<number>/letters/to/<caregiver>"


@bp.get(f"{TO}/exception")
@needs(can_rule, on=addressee_for, log="letters")
def new_exception(found: Addressee) -> Response:
    return _exception_page(found, ExceptionForm())


@bp.post(f"{TO}/exception")
@needs(can_rule, on=addressee_for)
def add_exception(found: Addressee) -> Response:
    form = ExceptionForm(request.form)
    form.offer(to_except(found.dossier))
    if not form.is_in_order():
        return _exception_page(found, form, status=422)
    try:
        except_step(found.dossier, int(form.step.data), (form.why.data or "").strip(), by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _exception_page(found, form, status=422)
    return done(form.said, address_of(found.head))


@bp.post("/cases/<number>/letters/exceptions/<public_id>/ending")
@needs(can_rule, on=exception_for)
def set_exception_end(found: ExceptionOfCase) -> Response:
    form = OnceForm(request.form)
    if form.validate():
        end_exception(found, by=g.actor)
    return done("The exception is taken back: order and gap hold again.", address_of(found.head))


@bp.get(f"{TO}/beginning-again")
@needs(can_rule, on=addressee_for, log="letters")
def new_restart(found: Addressee) -> Response:
    return _restart_page(found, RulingForm())


@bp.post(f"{TO}/beginning-again")
@needs(can_rule, on=addressee_for)
def add_restart(found: Addressee) -> Response:
    form = RulingForm(request.form)
    if not form.validate():
        return _restart_page(found, form, status=422)
    try:
        restart(found.dossier, (form.why.data or "").strip(), by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _restart_page(found, form, status=422)
    return done("The letters begin again at letter 1. Those before stay as they are.", address_of(found.head))


def _exception_page(found: Addressee, form: ExceptionForm, *, status: int = 200) -> Response:
    form.offer(to_except(found.dossier))
    return show_case(
        "workspace/letters/exception.html",
        status=status,
        head=found.head,
        form=form,
        caregiver=found.dossier.caregiver,
    )


def _restart_page(found: Addressee, form: RulingForm, *, status: int = 200) -> Response:
    return show_case(
        "workspace/letters/restart.html",
        status=status,
        head=found.head,
        form=form,
        caregiver=found.dossier.caregiver,
        may=may_restart(found.dossier),
    )
