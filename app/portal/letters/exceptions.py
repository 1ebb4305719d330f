"""An attendance lead lets a letter be written that is not due (LET-2)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField

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
from app.written.letter_forms import RulingForm


class SchoolExceptionForm(RulingForm):
    """Which letter, and why."""

    step = RadioField("Which letter may be written now?", validate_choice=False)

    def offer(self, found: SchoolAddressee) -> None:
        steps = found.dossier.to_except
        self.step.choices = {str(step.number): f"Letter {step.number}: {step.name}" for step in steps}

    def is_chosen(self) -> bool:
        is_known = self.step.data in (self.step.choices or {})
        self.step.errors = [] if is_known else ["Choose a letter"]
        return is_known


@bp.get(f"{TO}/exception")
@needs(can_except, on=addressee_for, log="school letters")
def new_school_exception(found: SchoolAddressee) -> Response:
    return _page(found, SchoolExceptionForm())


@bp.post(f"{TO}/exception")
@needs(can_except, on=addressee_for)
def add_school_exception(found: SchoolAddressee) -> Response:
    form = SchoolExceptionForm(request.form)
    form.offer(found)
    is_valid = form.validate()
    if not form.is_chosen() or not is_valid:
        return _page(found, form, status=422)
    try:
        except_step(found.dossier, int(form.step.data), (form.why.data or "").strip(), by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(found, form, status=422)
    said = f"Letter {form.step.data} may be written now. Whatever else it needs, it needs all the same."
    return done(said, letters_address(found.head))


@bp.post(f"{LETTERS}/exceptions/<exception>/ending")
@needs(can_except, on=exception_for)
def set_school_exception_end(found: SchoolException) -> Response:
    form = OnceForm(request.form)
    if form.validate():
        end_exception(found, by=g.actor)
    return done("The exception is taken back.", letters_address(found.head))


def _page(found: SchoolAddressee, form: SchoolExceptionForm, *, status: int = 200) -> Response:
    form.offer(found)
    caregiver = found.dossier.caregiver
    return show_student("portal/letters/exception.html", head=found.head, status=status, form=form, caregiver=caregiver)
