"""How a letter was sent, what came back of it, and that it counts no more (LET-6, L7)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Refused
from app.core.web.answers import done, elsewhere
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.actions import record_back, record_sending, void_letter
from app.letters.by_email import may_go_by_email
from app.letters.facts import thawed
from app.letters.models import Back, Method
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import back_words
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.letter import ADDRESS, here
from app.written.letter_forms import BackForm, SendingForm, VoidingForm, counts

RETURNED = "Recorded. No letter goes to this address until somebody has checked it or a new one is written down."

BOUNCED = (
    "Recorded. The e-mail address is marked as not current: letters are printed until another one is written down."
)


@bp.get(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for, log="letter")
def sending(found: LetterOfCase) -> Response:
    """What was recorded, to be corrected; else today."""
    letter = found.letter
    if not counts(letter):
        return elsewhere(here(found))
    known = {"method": letter.method, "sent_on": letter.sent_on or clock.today(), "served_by": letter.served_by}
    return _page("sending", found, _offering(found, SendingForm(data=known)))


@bp.post(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for)
def set_sending(found: LetterOfCase) -> Response:
    form = _offering(found, SendingForm(request.form))
    if not form.validate() or form.sent_on.data is None:
        return _page("sending", found, form, status=422)
    try:
        record_sending(found, form.as_sending(form.sent_on.data), by=g.actor)
    except Refused as refused:
        form.sent_on.errors = [refused.why]
        return _page("sending", found, form, status=422)
    return done("Recorded. The next letter of the ladder waits for its working days.", here(found))


@bp.get(f"{ADDRESS}/back")
@needs(can_write_letters, on=letter_for, log="letter")
def back(found: LetterOfCase) -> Response:
    """What was recorded, to be corrected; else today."""
    letter = found.letter
    if not counts(letter) or letter.sent_on is None:
        return elsewhere(here(found))
    known = {"back": letter.back, "back_on": letter.back_on or clock.today(), "back_note": letter.back_note}
    form = BackForm(data=known)
    form.back.choices = dict(back_words(letter.method))
    return _page("back", found, form)


@bp.post(f"{ADDRESS}/back")
@needs(can_write_letters, on=letter_for)
def set_back(found: LetterOfCase) -> Response:
    form = BackForm(request.form)
    form.back.choices = dict(back_words(found.letter.method))
    if not form.validate() or form.back_on.data is None:
        return _page("back", found, form, status=422)
    came = form.as_came_back(form.back_on.data)
    try:
        record_back(found, came, by=g.actor)
    except Refused as refused:
        form.back_on.errors = [refused.why]
        return _page("back", found, form, status=422)
    told = BOUNCED if found.letter.method is Method.EMAIL else RETURNED
    return done(told if came.back is Back.RETURNED else "Recorded.", here(found))


@bp.get(f"{ADDRESS}/voiding")
@needs(can_write_letters, on=letter_for, log="letter")
def voiding(found: LetterOfCase) -> Response:
    if not counts(found.letter):
        return elsewhere(here(found))
    return _page("voiding", found, VoidingForm())


@bp.post(f"{ADDRESS}/voiding")
@needs(can_write_letters, on=letter_for)
def set_voiding(found: LetterOfCase) -> Response:
    form = VoidingForm(request.form)
    if not form.validate():
        return _page("voiding", found, form, status=422)
    void_letter(found, (form.why.data or "").strip(), by=g.actor)
    return done("The letter is void. It stays here with its reason, and can be written again.", here(found))


def _offering(found: LetterOfCase, form: SendingForm) -> SendingForm:
    """By e-mail too, where this letter may go so, or went so."""
    if found.letter.method is Method.EMAIL or may_go_by_email(found.letter):
        form.offer_email()
    return form


def _page(name: str, found: LetterOfCase, form: OnceForm, *, status: int = 200) -> Response:
    return show_case(
        f"workspace/letters/{name}.html",
        status=status,
        head=found.head,
        form=form,
        letter=found.letter,
        here=here(found),
        to=thawed(found.letter.facts).values.get("caregiver_name", ""),
    )
