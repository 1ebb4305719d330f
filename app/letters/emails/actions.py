"""A letter is sent by e-mail, to the address that its caregiver chose (LET-7); or that is called off."""

from app.core import clock
from app.core.db import db, mark_due
from app.core.errors import Conflict, Refused
from app.letters.actions import Found, name_of, tell
from app.letters.emails import tells  # noqa: F401  (registers whom these events tell)
from app.letters.emails.models import LetterMail
from app.letters.emails.queries import by_email, open_mail_to_change
from app.letters.emails.rules import CALLED_OFF, ON_ITS_WAY, PERHAPS
from app.letters.models import Letter
from app.letters.queries import letter_to_change
from app.people.queries import Actor

IN_FLIGHT = "The letter is being handed to the mail server at this moment. Look again in a minute."
NOT_ON_ITS_WAY = "This letter is not on its way by e-mail any more."


def send_by_email(found: Found, *, by: Actor) -> LetterMail:
    """The worker sends it. Raises `Refused` where it may not leave so, `Conflict` where it is on its way already."""
    letter = letter_to_change(found.letter.id)
    now = by_email(letter)
    if now.is_on_its_way:
        raise Conflict(ON_ITS_WAY)
    if now.fault:
        raise Refused(now.fault)
    mail = LetterMail(
        letter_id=letter.id,
        address=now.to,
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        next_try_at=clock.now(),
    )
    db.session.add(mail)
    db.session.flush()
    mark_due()
    tell(found.head, found.letter, f"{name_of(letter)} is being sent by e-mail.", "letter.mail_asked", by)
    return mail


def call_off(found: Found, *, by: Actor) -> None:
    """It does not leave any more. Raises `Conflict` where it may be leaving at this moment, or has ended."""
    letter = letter_to_change(found.letter.id)
    mail = open_mail_to_change(letter.id)
    if mail is None:
        raise Conflict(NOT_ON_ITS_WAY)
    if mail.is_in_flight:
        raise Conflict(IN_FLIGHT)
    _call_off(found, letter, mail, by)


def need_not_leave(found: Found, *, by: Actor) -> None:
    """The letter was sent otherwise, or counts no more, in the caller's transaction: a mail that is on its way with it is called
    off, unless it may be leaving at this moment."""
    mail = open_mail_to_change(found.letter.id)
    if mail and not mail.is_in_flight:
        _call_off(found, found.letter, mail, by)


def stop_mail(letter: Letter) -> None:
    """As `need_not_leave`, where the timeline says why in other words."""
    mail = open_mail_to_change(letter.id)
    if mail and not mail.is_in_flight:
        _stop(mail)


def _call_off(found: Found, letter: Letter, mail: LetterMail, by: Actor) -> None:
    _stop(mail)
    said = f"{name_of(letter)}: sending it by e-mail was called off."
    tell(found.head, found.letter, said, "letter.mail_called_off", by)


def _stop(mail: LetterMail) -> None:
    mail.next_try_at, mail.fault = None, PERHAPS if mail.is_perhaps_twice else CALLED_OFF
