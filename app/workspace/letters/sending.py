"""How a letter was sent, what came back of it, and that it counts no more (LET-6, L7)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app.calendars.working_days import due_date
from app.cases.tasks.actions import add_task
from app.cases.tasks.rules import LONGEST
from app.core import clock
from app.core.errors import Refused
from app.core.web.answers import done, elsewhere
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.letters.actions import record_back, record_sending, void_letter
from app.letters.answers import TO_DO, awaited, hope_for_answer, hoped_by
from app.letters.by_email import may_go_by_email
from app.letters.emails.actions import need_not_leave
from app.letters.facts import thawed
from app.letters.models import Back, Method
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import back_words
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.letter import ADDRESS, here
from app.written.letter_forms import BackForm, SendingForm, VoidingForm, counts

LATER = "Choose today or a later day"
AFTER = "Choose a day to come, after the letter was sent"
RETURNED = "Recorded. No letter goes to this address until somebody has checked it or a new one is written down. To find out where they live now is a task of the case."

BOUNCED = (
    "Recorded. The e-mail address is marked as not current: letters are printed until another one is written down."
)


class ServiceSendingForm(SendingForm):
    """And by when an answer is hoped for."""

    answer_by = DayField("By when do you hope for an answer? (optional)")

    def validate_answer_by(self, field: DayField) -> None:
        if field.data and (field.data < clock.today() or (self.sent_on.data and field.data <= self.sent_on.data)):
            raise ValidationError(AFTER)


class ServiceBackForm(BackForm):
    """And what is to be done next, where the writer says so."""

    next_step = StringField(
        "What is to be done next? (optional)",
        validators=[Length(max=LONGEST, message=f"Write it in {LONGEST} characters")],
    )
    next_on = DayField("By when?")

    def validate_next_on(self, field: DayField) -> None:
        if field.data and field.data < clock.today():
            raise ValidationError(LATER)

    @property
    def step(self) -> str:
        return (self.next_step.data or "").strip()


@bp.get(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for, log="letter")
def sending(found: LetterOfCase) -> Response:
    """What was recorded, to be corrected; else today."""
    letter = found.letter
    if not counts(letter):
        return elsewhere(here(found))
    known = {"method": letter.method, "sent_on": letter.sent_on or clock.today(), "served_by": letter.served_by}
    if letter.back is not Back.ANSWERED:
        task = awaited(letter) if letter.sent_on else None
        known["answer_by"] = task.due_on if task else None if letter.sent_on else hoped_by(found.head, clock.today())
    return _page("sending", found, _offering(found, ServiceSendingForm(data=known)))


@bp.post(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for)
def set_sending(found: LetterOfCase) -> Response:
    form = _offering(found, ServiceSendingForm(request.form))
    if not form.validate() or form.sent_on.data is None:
        return _page("sending", found, form, status=422)
    is_first = found.letter.sent_on is None
    try:
        record_sending(found, form.as_sending(form.sent_on.data), by=g.actor)
        if is_first:
            need_not_leave(found, by=g.actor)
        if found.letter.back is None:
            hope_for_answer(found.head, found.letter, form.answer_by.data, is_first=is_first, by=g.actor)
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
    form = ServiceBackForm(data=known)
    form.back.choices = dict(back_words(letter.method))
    return _page("back", found, form)


@bp.post(f"{ADDRESS}/back")
@needs(can_write_letters, on=letter_for)
def set_back(found: LetterOfCase) -> Response:
    form = ServiceBackForm(request.form)
    form.back.choices = dict(back_words(found.letter.method))
    if not form.validate() or form.back_on.data is None:
        return _page("back", found, form, status=422)
    came = form.as_came_back(form.back_on.data)
    try:
        record_back(found, came, by=g.actor)
        if form.step:
            due_on = form.next_on.data or due_date(clock.today(), TO_DO, found.head.region)
            add_task(found.head, form.step, due_on, by=g.actor)
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
    need_not_leave(found, by=g.actor)
    return done("The letter is void. It stays here with its reason, and can be written again.", here(found))


def _offering(found: LetterOfCase, form: ServiceSendingForm) -> ServiceSendingForm:
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
