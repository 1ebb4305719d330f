"""How a school's letter was sent, what came back of it, and that it counts no more (LET-6, L7)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Refused
from app.core.web.answers import done, elsewhere
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.actions import record_sending, void_letter
from app.letters.facts import thawed
from app.letters.models import Back
from app.letters.school.actions import record_back
from app.letters.school.finding import SchoolLetter, letter_for
from app.letters.school.policy import can_record
from app.letters.school.rules import WAYS
from app.portal.blueprint import bp
from app.portal.letters.letter import ADDRESS, here, name_of
from app.portal.letters.places import show_student
from app.written.letter_forms import BackForm, SendingForm, VoidingForm, counts

RETURNED = "Recorded. No letter goes to this address until another one is written down."


@bp.get(f"{ADDRESS}/sending")
@needs(can_record, on=letter_for, log="school letter")
def school_letter_sending(found: SchoolLetter) -> Response:
    """What was recorded, to be corrected; else today."""
    letter = found.letter
    if not counts(letter):
        return elsewhere(here(found))
    known = {"method": letter.method, "sent_on": letter.sent_on or clock.today(), "served_by": letter.served_by}
    return _page("sending", found, _ways(SendingForm(data=known)))


@bp.post(f"{ADDRESS}/sending")
@needs(can_record, on=letter_for)
def set_school_letter_sending(found: SchoolLetter) -> Response:
    form = _ways(SendingForm(request.form))
    is_valid = form.validate()
    if form.method.data not in WAYS:
        form.method.errors = ["Choose how it was sent"]
        is_valid = False
    if not is_valid or form.sent_on.data is None:
        return _page("sending", found, form, status=422)
    try:
        record_sending(found, form.as_sending(form.sent_on.data), by=g.actor)
    except Refused as refused:
        form.sent_on.errors = [refused.why]
        return _page("sending", found, form, status=422)
    return done("Recorded: how the letter was sent.", here(found))


@bp.get(f"{ADDRESS}/back")
@needs(can_record, on=letter_for, log="school letter")
def school_letter_back(found: SchoolLetter) -> Response:
    """What was recorded, to be corrected; else today."""
    letter = found.letter
    if not counts(letter) or letter.sent_on is None:
        return elsewhere(here(found))
    known = {"back": letter.back, "back_on": letter.back_on or clock.today(), "back_note": letter.back_note}
    return _page("back", found, BackForm(data=known))


@bp.post(f"{ADDRESS}/back")
@needs(can_record, on=letter_for)
def set_school_letter_back(found: SchoolLetter) -> Response:
    form = BackForm(request.form)
    if not form.validate() or form.back_on.data is None:
        return _page("back", found, form, status=422)
    came = form.as_came_back(form.back_on.data)
    try:
        record_back(found, came, by=g.actor)
    except Refused as refused:
        form.back_on.errors = [refused.why]
        return _page("back", found, form, status=422)
    return done(RETURNED if came.back is Back.RETURNED else "Recorded.", here(found))


@bp.get(f"{ADDRESS}/voiding")
@needs(can_record, on=letter_for, log="school letter")
def school_letter_voiding(found: SchoolLetter) -> Response:
    if not counts(found.letter):
        return elsewhere(here(found))
    return _page("voiding", found, VoidingForm())


@bp.post(f"{ADDRESS}/voiding")
@needs(can_record, on=letter_for)
def set_school_letter_voiding(found: SchoolLetter) -> Response:
    form = VoidingForm(request.form)
    if not form.validate():
        return _page("voiding", found, form, status=422)
    void_letter(found, (form.why.data or "").strip(), by=g.actor)
    return done("The letter is void. It stays here with its reason, and can be written again.", here(found))


def _ways(form: SendingForm) -> SendingForm:
    form.method.choices = dict(WAYS)
    return form


def _page(page: str, found: SchoolLetter, form: OnceForm, *, status: int = 200) -> Response:
    return show_student(
        f"portal/letters/{page}.html",
        head=found.head,
        status=status,
        form=form,
        letter=found.letter,
        name=name_of(found.letter),
        here=here(found),
        to=thawed(found.letter.facts).values.get("caregiver_name", ""),
    )
