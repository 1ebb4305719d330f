"""Mail, by SMTP: plain text, a sentence and a link, nothing personal."""

import smtplib
import socket
from contextlib import suppress
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
ANSWER_SECONDS = 90
"""A server may look into a mail before it says that it took it; asked too soon, it would get the mail twice."""


class Unanswered(OSError):
    """The mail was handed over, and the server has not said whether it took it."""


class _Session:
    """What tells a mail that was not taken from one that may have been."""

    sock: socket.socket | None

    def data(self, msg: Any) -> tuple[int, bytes]:
        if self.sock:
            self.sock.settimeout(ANSWER_SECONDS)
        try:
            answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
            raise Unanswered from error
        return answer


class _Plain(_Session, smtplib.SMTP):
    pass


class _Encrypted(_Session, smtplib.SMTP_SSL):
    pass


def send(smtp_url: str, message: EmailMessage) -> None:
    """Hand one message to the mail server; raises `OSError` or `SMTPException` when it was not taken, `Unanswered` when
    that is not known. How the server says goodbye does not matter.
    `smtp_url` is like smtp://host:25 or smtps://name:password@host:465 (smtp with a name uses STARTTLS)."""
    address = urlsplit(smtp_url)
    kind = _Encrypted if address.scheme == "smtps" else _Plain
    server = kind(address.hostname or "localhost", address.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        if address.username:
            if address.scheme == "smtp":
                server.starttls()
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
        with suppress(OSError):
            server.quit()
    finally:
        server.close()


def compose(*, sender: str, to: str, text: str, key: str = "") -> EmailMessage:
    """A message from a text whose first line is the subject, then an empty line, then the body. The same `key` gives the
    same Message-ID, by which mail servers know that a mail has come before."""
    subject, _, body = text.partition("\n")
    message = EmailMessage()
    message["Subject"] = subject.strip()
    message["From"] = sender
    message["To"] = to
    domain = sender.rpartition("@")[2].strip("> ") or "localhost"
    message["Message-ID"] = f"<{key}@{domain}>" if key else make_msgid(domain=domain)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message
