"""A mail is handed to the mail server; what it answers is told apart: not now, never, or nothing at all."""

from email.message import EmailMessage
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
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
