"""How a school's letter was sent, what came back of it, and that it counts no more (LET-6, L7)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.web.guards import needs
from app.letters.actions import record_sending, void_letter
from app.letters.emails.actions import need_not_leave
from app.letters.models import Back, Method
from app.letters.rules import Sending
from app.letters.school.actions import record_back
from app.letters.school.finding import SchoolLetter, letter_for
from app.letters.school.policy import can_record
from app.people.queries import Actor
from app.portal.blueprint import bp
from app.portal.letters.letter import PAGES
from app.portal.letters.places import ADDRESS
from app.written.letter_forms import BackForm, SendingForm
from app.written.letters.pages import BOUNCED

RETURNED = "Recorded. No letter goes to this address until another one is written down."


@bp.get(f"{ADDRESS}/sending")
@needs(can_record, on=letter_for, log="school letter")
def school_letter_sending(found: SchoolLetter) -> Response:
    return PAGES.sending(found, SendingForm)


@bp.post(f"{ADDRESS}/sending")
@needs(can_record, on=letter_for)
def set_school_letter_sending(found: SchoolLetter) -> Response:
    return PAGES.set_sending(found, SendingForm(request.form), _record_sending, "Recorded: how the letter was sent.")


@bp.get(f"{ADDRESS}/back")
@needs(can_record, on=letter_for, log="school letter")
def school_letter_back(found: SchoolLetter) -> Response:
    return PAGES.back(found, BackForm)


@bp.post(f"{ADDRESS}/back")
@needs(can_record, on=letter_for)
def set_school_letter_back(found: SchoolLetter) -> Response:
    return PAGES.set_back(
        found,
        BackForm(request.form),
        lambda found, form, came: record_back(found, came, by=g.actor),
        lambda came: (
            (BOUNCED if found.letter.method is Method.EMAIL else RETURNED)
            if came.back is Back.RETURNED
            else "Recorded."
        ),
    )


@bp.get(f"{ADDRESS}/voiding")
@needs(can_record, on=letter_for, log="school letter")
def school_letter_voiding(found: SchoolLetter) -> Response:
    return PAGES.voiding(found)


@bp.post(f"{ADDRESS}/voiding")
@needs(can_record, on=letter_for)
def set_school_letter_voiding(found: SchoolLetter) -> Response:
    return PAGES.set_voiding(found, _void)


def _record_sending(found: SchoolLetter, form: SendingForm, sent: Sending) -> None:
    is_first = found.letter.sent_on is None
    record_sending(found, sent, by=g.actor, version=form.version.data or "")
    if is_first:
        need_not_leave(found, by=g.actor)


def _void(found: SchoolLetter, why: str, *, by: Actor) -> None:
    void_letter(found, why, by=by)
    need_not_leave(found, by=by)
