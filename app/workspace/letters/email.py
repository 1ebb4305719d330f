"""A letter goes by e-mail to a caregiver who chose that: what will happen, sending it, and calling it off (LET-7)."""

from werkzeug.wrappers import Response

from app.core.web.guards import needs
from app.letters.emails.actions import call_off, send_by_email
from app.letters.policy import can_write_letters
from app.letters.queries import LetterOfCase, letter_for
from app.workspace.blueprint import bp
from app.workspace.letters.letter import PAGES
from app.workspace.letters.places import ADDRESS
from app.written.letters.pages import CALLED_OFF, ON_ITS_WAY


@bp.get(f"{ADDRESS}/email")
@needs(can_write_letters, on=letter_for, log="letter")
def letter_by_email(found: LetterOfCase) -> Response:
    return PAGES.by_email(found)


@bp.post(f"{ADDRESS}/email")
@needs(can_write_letters, on=letter_for)
def send_letter_by_email(found: LetterOfCase) -> Response:
    return PAGES.pressed(found, send_by_email, ON_ITS_WAY)


@bp.post(f"{ADDRESS}/email/off")
@needs(can_write_letters, on=letter_for)
def call_email_off(found: LetterOfCase) -> Response:
    return PAGES.pressed(found, call_off, CALLED_OFF)
