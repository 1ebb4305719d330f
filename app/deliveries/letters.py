"""Letters by e-mail: the PDF attached, to its caregiver alone (LET-7). What comes of it is kept by `letters.emails`.

The letter comes from its organisation, which answers go to; the mail itself from the portal, whose server sends it."""

from email.headerregistry import Address
from email.message import EmailMessage
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

from flask import current_app, render_template
from sqlalchemy.exc import DBAPIError

from app.core import clock, mail, outbox
from app.core.db import db
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.jobs import beat, heard_since
from app.core.outbox import OUT_OF_REACH, PAUSE
from app.deliveries.server import UNKNOWN, hand_over, why_for_good
from app.letters.emails import claiming, sending
from app.letters.emails.claiming import ClaimedMail
from app.letters.emails.sending import Leaving, NotSent

FILE_NAME = "letter.pdf"
"""Names nobody, wherever it is kept."""
NO_FILE = "The PDF of this letter is not in the file storage any more. Tell whoever runs Waharoa."
OTHER_FILE = "The PDF of this letter is not the one that was made. It was not sent; tell whoever runs Waharoa."


def send_letters() -> None:
    """Every letter that is to leave by e-mail now, one after the other. A mail server that proves unreachable is left alone
    until the next minute."""
    is_reachable = not heard_since(OUT_OF_REACH, clock.now() - PAUSE)
    while is_reachable and (claimed := claiming.claim()):
        is_reachable = _carry_out(claimed)
        beat("worker")


def _carry_out(claimed: ClaimedMail) -> bool:
    """False where the mail server could not be reached."""
    try:
        message = _message(claimed)
        hand_over(current_app.extensions["settings"].smtp_url, message)
    except DBAPIError:
        raise
    except NotSent as why:
        db.session.rollback()
        sending.give_up(claimed, str(why))
    except outbox.Unreachable as error:
        beat(OUT_OF_REACH)
        is_unanswered = isinstance(error, outbox.Unanswered)
        sending.wait_for_server(claimed, _cause(error), is_unanswered=is_unanswered)
        return False
    except Exception as error:  # noqa: BLE001 (one that cannot be sent holds up no other; what it was stands in its row)
        _after_failure(claimed, error)
    else:
        sending.taken(claimed)
    return True


def _after_failure(claimed: ClaimedMail, error: Exception) -> None:
    db.session.rollback()
    if why := why_for_good(error):
        sending.refused(claimed, why, is_unknown=why == UNKNOWN)
    else:
        asked_to = isinstance(error, outbox.PutOff | StoreFailed)
        sending.put_off(claimed, _cause(error), asked_to=asked_to)


def _message(claimed: ClaimedMail) -> EmailMessage:
    """Asked again whether it may leave; its file is read, and the mail made, when no transaction is open."""
    leaving = sending.leaving(claimed)
    db.session.rollback()
    return message_of(leaving, _pdf_of(leaving), key=_key(claimed))


def message_of(leaving: Leaving, pdf: bytes, *, key: str) -> EmailMessage:
    """From the organisation, to the caregiver's address alone; subject and text say nothing of the student."""
    text = render_template("letters/email.txt", organisation=leaving.organisation, phone=leaving.phone)
    portal: str = current_app.extensions["settings"].mail_from
    message = mail.compose(sender=portal, to=leaving.to, text=text, key=key)
    own = Address(leaving.organisation, addr_spec=leaving.sender)
    message.replace_header("From", own)
    message["Reply-To"], message["Sender"] = own, portal
    del message["Auto-Submitted"]  # somebody sends it, and may be answered
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=FILE_NAME)
    return message


def _pdf_of(leaving: Leaving) -> bytes:
    """As it was made, byte by byte (LET-6)."""
    try:
        pdf = b"".join(the_store().read(leaving.key))
    except Missing as missing:
        raise NotSent(NO_FILE) from missing
    if sha256(pdf).hexdigest() != leaving.sha256:
        raise NotSent(OTHER_FILE)
    return pdf


def _key(claimed: ClaimedMail) -> str:
    """The same however often it is tried, so that a mail server knows a letter that has come before."""
    settings = current_app.extensions["settings"]
    return str(uuid5(NAMESPACE_URL, settings.address(f"/letter-mail/{claimed.id}/{claimed.asked_at}")))


def _cause(error: Exception) -> str:
    return type(error.__cause__ or error).__name__
