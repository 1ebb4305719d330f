"""How a letter was sent, what came back of it, and that it counts no more (LET-6, L7)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length

from app.core import clock
from app.core.errors import Refused
from app.core.web.answers import done, elsewhere
from app.core.web.forms import DayField, OnceForm, Required
from app.core.web.guards import needs
from app.letters.actions import record_back, record_sending, void_letter
from app.letters.facts import thawed
from app.letters.models import Back, Letter, Method
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import BACK_WORDS, METHOD_WORDS, CameBack, Sending
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.forms import LONGEST_WHY, TOO_LONG
from app.workspace.letters.letter import ADDRESS, here

LONGEST_SERVED, LONGEST_NOTE = 160, 300

RETURNED = "Recorded. No letter goes to this address until somebody has checked it or a new one is written down."


def is_by_hand() -> bool:
    return request.form.get("method") == Method.HAND


class SendingForm(OnceForm):
    """How, when, and by hand: by whom."""

    method = RadioField(
        "How was it sent?",
        choices=dict(METHOD_WORDS),
        validators=[AnyOf([*Method], message="Choose how it was sent")],
        validate_choice=False,
    )
    sent_on = DayField("When was it sent?", required="Write the day it was sent")
    served_by = StringField(
        "By hand: who gave it, and at what time",
        validators=[
            Required("Write who gave it, and at what time", unless=lambda: not is_by_hand()),
            Length(max=LONGEST_SERVED, message=f"Write it in {LONGEST_SERVED} characters"),
        ],
    )

    def as_sending(self, sent_on: date) -> Sending:
        served_by = (self.served_by.data or "").strip()
        return Sending(Method(self.method.data), sent_on, served_by if is_by_hand() else "")


class BackForm(OnceForm):
    """What, when, and in a line what it says."""

    back = RadioField(
        "What came back?",
        choices=dict(BACK_WORDS),
        validators=[AnyOf([*Back], message="Choose what came back")],
        validate_choice=False,
    )
    back_on = DayField("When?", required="Write the day")
    back_note = StringField(
        "What else should be known? (optional)",
        validators=[Length(max=LONGEST_NOTE, message=f"Write it in {LONGEST_NOTE} characters")],
    )

    def as_came_back(self, on: date) -> CameBack:
        return CameBack(Back(self.back.data), on, (self.back_note.data or "").strip())


class VoidingForm(OnceForm):
    """Why, for good."""

    why = TextAreaField(
        "Why does it not count?",
        validators=[
            Required("Write why: it stands with the letter for good"),
            Length(max=LONGEST_WHY, message=TOO_LONG),
        ],
    )


@bp.get(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for, log="letter")
def sending(found: LetterOfCase) -> Response:
    """What was recorded, to be corrected; else today."""
    letter = found.letter
    if not counts(letter):
        return elsewhere(here(found))
    known = {"method": letter.method, "sent_on": letter.sent_on or clock.today(), "served_by": letter.served_by}
    return _page("sending", found, SendingForm(data=known))


@bp.post(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for)
def set_sending(found: LetterOfCase) -> Response:
    form = SendingForm(request.form)
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
    return _page("back", found, BackForm(data=known))


@bp.post(f"{ADDRESS}/back")
@needs(can_write_letters, on=letter_for)
def set_back(found: LetterOfCase) -> Response:
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


def counts(letter: Letter) -> bool:
    """It was made, and not voided; else its own page says what it is."""
    return letter.made_at is not None and letter.voided_at is None


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
