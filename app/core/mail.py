"""Mail, by SMTP: plain text, a sentence and a link, nothing personal."""

import smtplib
from email.message import EmailMessage
from email.utils import make_msgid
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


def send(smtp_url: str, message: EmailMessage) -> None:
    """Hand one message to the mail server; raises `OSError` or `SMTPException` when it was not taken.
    `smtp_url` is like smtp://host:25 or smtps://name:password@host:465 (smtp with a name uses STARTTLS)."""
    address = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with kind(address.hostname or "localhost", address.port or 25, timeout=TIMEOUT_SECONDS) as server:
        if address.username:
            if address.scheme == "smtp":
                server.starttls()
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)


def compose(*, sender: str, to: str, text: str) -> EmailMessage:
    """A message from a text whose first line is the subject, then an empty line, then the body."""
    subject, _, body = text.partition("\n")
    message = EmailMessage()
    message["Subject"] = subject.strip()
    message["From"] = sender
    message["To"] = to
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")
    return message
