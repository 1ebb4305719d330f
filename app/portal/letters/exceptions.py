"""An attendance lead lets a letter be written that is not due (LET-2)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.school.actions import end_exception, except_step
from app.letters.school.dossiers import SchoolAddressee, addressee_for
from app.letters.school.finding import SchoolException, exception_for
from app.letters.school.policy import can_except
from app.portal.blueprint import bp
from app.portal.letters.places import LETTERS, letters_address, show_student
from app.portal.letters.student import TO
from app.written.letter_forms import ExceptionForm


@bp.get(f"{TO}/exception")
@needs(can_except, on=addressee_for, log="school letters")
def new_school_exception(found: SchoolAddressee) -> Response:
    return _page(found, ExceptionForm())


@bp.post(f"{TO}/exception")
@needs(can_except, on=addressee_for)
def add_school_exception(found: SchoolAddressee) -> Response:
    form = ExceptionForm(request.form)
    form.offer(found.dossier.to_except)
    if not form.is_in_order():
        return _page(found, form, status=422)
    try:
        except_step(found.dossier, int(form.step.data), (form.why.data or "").strip(), by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(found, form, status=422)
    return done(form.said, letters_address(found.head))


@bp.post(f"{LETTERS}/exceptions/<exception>/ending")
@needs(can_except, on=exception_for)
def set_school_exception_end(found: SchoolException) -> Response:
    form = OnceForm(request.form)
    if form.validate():
        end_exception(found, by=g.actor)
    return done("The exception is taken back.", letters_address(found.head))


def _page(found: SchoolAddressee, form: ExceptionForm, *, status: int = 200) -> Response:
    form.offer(found.dossier.to_except)
    caregiver = found.dossier.caregiver
    return show_student("portal/letters/exception.html", head=found.head, status=status, form=form, caregiver=caregiver)
