"""A mail is handed to the mail server; what it answers is told apart: not now, never, or nothing at all."""

import re
from email.message import EmailMessage
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from app.core import mail, outbox

OF_ALL_MAILS = (
    SMTPConnectError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPServerDisconnected,
    SMTPAuthenticationError,
)
"""What the mail server says of everything, not of one mail."""

FULL = "the mailbox is full"
UNKNOWN = "the mail server there does not know the address"
REFUSED = "the mail server there refuses our mail"


def hand_over(smtp_url: str, message: EmailMessage) -> None:
    try:
        mail.send(smtp_url, message)
    except mail.Unanswered as error:
        raise outbox.Unanswered from error.__cause__
    except OF_ALL_MAILS as error:
        raise outbox.Unreachable from error
    except SMTPException as error:
        if _is_for_now(error):
            raise outbox.PutOff from error
        raise
    except OSError as error:
        raise outbox.Unreachable from error


def _is_for_now(error: SMTPException) -> bool:
    """Did the server answer 4xx: not now?"""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code < 500 for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code < 500


def why_for_good(error: Exception) -> str:
    """Why mail to this person does not arrive; nothing where the mail server did not say so of them (5xx). It may say so of the
    address, or when it has seen the mail."""
    if isinstance(error, SMTPRecipientsRefused) and not _is_for_now(error):
        code, said = next(iter(error.recipients.values()))
        return _why(code, said)
    if isinstance(error, SMTPDataError) and not _is_for_now(error):
        return _why(error.smtp_code, error.smtp_error)
    return ""


def _why(code: int, said: bytes | str) -> str:
    """By the more exact code where there is one (RFC 3463), else by the plain one."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    exact = re.match(r"5\.(\d{1,3})\.(\d{1,3})\b", text)
    if (exact and exact.groups() == ("2", "2")) or (not exact and code == 552):
        return FULL
    if (exact and exact[1] == "1") or (not exact and code in {550, 551, 553}):
        return UNKNOWN
    return REFUSED
