"""A school's letter goes by e-mail to a caregiver who chose that: what will happen, sending it, and calling it off (LET-7)."""

from werkzeug.wrappers import Response

from app.core.web.guards import needs
from app.letters.emails.actions import call_off, send_by_email
from app.letters.school.finding import SchoolLetter, letter_for
from app.letters.school.policy import can_record, can_write_letters
from app.portal.blueprint import bp
from app.portal.letters.letter import PAGES
from app.portal.letters.places import ADDRESS
from app.written.letters.pages import CALLED_OFF, ON_ITS_WAY


@bp.get(f"{ADDRESS}/email")
@needs(can_write_letters, on=letter_for, log="school letter")
def school_letter_by_email(found: SchoolLetter) -> Response:
    return PAGES.by_email(found)


@bp.post(f"{ADDRESS}/email")
@needs(can_write_letters, on=letter_for)
def send_school_letter_by_email(found: SchoolLetter) -> Response:
    return PAGES.pressed(found, send_by_email, ON_ITS_WAY)


@bp.post(f"{ADDRESS}/email/off")
@needs(can_record, on=letter_for)
def call_school_email_off(found: SchoolLetter) -> Response:
    """Also where the student has left meanwhile."""
    return PAGES.pressed(found, call_off, CALLED_OFF)
