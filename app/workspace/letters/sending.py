"""How a letter was sent, what came back of it, and that it counts no more (LET-6, L7)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length, ValidationError

from app.calendars.working_days import due_date
from app.cases.tasks.actions import add_task
from app.cases.tasks.rules import LONGEST
from app.core import clock
from app.core.web.forms import DayField
from app.core.web.guards import needs
from app.letters.actions import record_back, record_sending, void_letter
from app.letters.answers import TO_DO, awaited, hope_for_answer, hoped_by
from app.letters.emails.actions import need_not_leave
from app.letters.models import Back, Method
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import CameBack, Sending
from app.people.queries import Actor
from app.workspace.blueprint import bp
from app.workspace.letters.letter import PAGES
from app.workspace.letters.places import ADDRESS
from app.written.letter_forms import BackForm, SendingForm
from app.written.letters.pages import BOUNCED

LATER = "Choose today or a later day"
SENT = "Recorded. The next letter of the ladder waits for its working days."
AFTER = "Choose a day to come, after the letter was sent"
RETURNED = "Recorded. No letter goes to this address until somebody has checked it or a new one is written down. To find out where they live now is a task of the case."


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
    return PAGES.sending(found, ServiceSendingForm, answer_by=_hoped_by(found))


@bp.post(f"{ADDRESS}/sending")
@needs(can_write_letters, on=letter_for)
def set_sending(found: LetterOfCase) -> Response:
    return PAGES.set_sending(found, ServiceSendingForm(request.form), _record_sending, SENT)


@bp.get(f"{ADDRESS}/back")
@needs(can_write_letters, on=letter_for, log="letter")
def back(found: LetterOfCase) -> Response:
    return PAGES.back(found, ServiceBackForm)


@bp.post(f"{ADDRESS}/back")
@needs(can_write_letters, on=letter_for)
def set_back(found: LetterOfCase) -> Response:
    said = BOUNCED if found.letter.method is Method.EMAIL else RETURNED
    return PAGES.set_back(
        found,
        ServiceBackForm(request.form),
        _record_back,
        lambda came: said if came.back is Back.RETURNED else "Recorded.",
    )


@bp.get(f"{ADDRESS}/voiding")
@needs(can_write_letters, on=letter_for, log="letter")
def voiding(found: LetterOfCase) -> Response:
    return PAGES.voiding(found)


@bp.post(f"{ADDRESS}/voiding")
@needs(can_write_letters, on=letter_for)
def set_voiding(found: LetterOfCase) -> Response:
    return PAGES.set_voiding(found, _void)


def _hoped_by(found: LetterOfCase) -> date | None:
    """The day that was said, or is proposed."""
    letter = found.letter
    if letter.back is Back.ANSWERED:
        return None
    task = awaited(letter) if letter.sent_on else None
    return task.due_on if task else None if letter.sent_on else hoped_by(found.head, clock.today())


def _record_sending(found: LetterOfCase, form: ServiceSendingForm, sent: Sending) -> None:
    is_first = found.letter.sent_on is None
    record_sending(found, sent, by=g.actor, version=form.version.data or "")
    if is_first:
        need_not_leave(found, by=g.actor)
    if found.letter.back is None:
        hope_for_answer(found.head, found.letter, form.answer_by.data, is_first=is_first, by=g.actor)


def _record_back(found: LetterOfCase, form: ServiceBackForm, came: CameBack) -> None:
    record_back(found, came, by=g.actor)
    if form.step:
        due_on = form.next_on.data or due_date(clock.today(), TO_DO, found.head.region)
        add_task(found.head, form.step, due_on, by=g.actor)


def _void(found: LetterOfCase, why: str, *, by: Actor) -> None:
    void_letter(found, why, by=by)
    need_not_leave(found, by=by)
