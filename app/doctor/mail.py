"""What leaves: the worker, the mail server, and the mails that wait or were given up."""

import smtplib
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from sqlalchemy import and_, exists, func, or_, select

from app.core import clock
from app.core.db import db
from app.core.events import Outbox
from app.core.jobs import HEARTBEAT_LATE, Heartbeat
from app.doctor.findings import Finding, Patient, good, mend, note, span_in_words
from app.people.models import Person, Role, RoleHeld
from app.people.queries import holders_of

SECONDS = 10
SKEW = timedelta(seconds=30)
LATE = timedelta(minutes=15)
LATELY = timedelta(days=7)


def worker(_patient: Patient) -> Iterable[Finding]:
    at, now = db.session.scalar(select(Heartbeat.at).where(Heartbeat.part == "worker")), clock.now()
    if at is None:
        yield mend("worker", "was never heard of", "start it: make serve, or flask worker")
    elif at - now > SKEW:
        yield mend(
            "worker",
            f"was last heard of {span_in_words(at - now)} in the future: the clock is slow, or was fast",
            "set it by NTP (install systemd-timesyncd), then look again",
        )
    elif now - at > HEARTBEAT_LATE:
        since = f"{clock.nz(at):%-d %B %Y, %H:%M}"
        yield mend("worker", f"not heard of since {since}", "start it: make serve, or flask worker; then see its log")
    else:
        yield good("worker", f"was heard of {span_in_words(max(now - at, timedelta()))} ago")


def server(patient: Patient) -> Iterable[Finding]:
    """Greeted, and signed in where there is a name; nothing is sent."""
    address = urlsplit(patient.settings.smtp_url)
    where = f"{address.hostname}:{address.port or 25}"
    try:
        _greet(patient.settings.smtp_url)
    except smtplib.SMTPAuthenticationError:
        yield mend("mail", f"{where} refuses our name and password", "mend them in SMTP_URL")
    except smtplib.SMTPException as error:
        yield mend(
            "mail", f"{where} answers, but not as it should ({type(error).__name__})", "see its log, and SMTP_URL"
        )
    except OSError as error:
        yield mend(
            "mail",
            f"{where} cannot be reached ({error.strerror or type(error).__name__})",
            "start the mail server, or mend SMTP_URL; mails wait and go out when it is back",
        )
    else:
        yield good("mail", f"{where} answers")


def outbox(_patient: Patient) -> Iterable[Finding]:
    now = clock.now()
    rows = select(func.count()).select_from(Outbox)
    waiting = db.session.scalar(rows.where(Outbox.done_at.is_(None))) or 0
    is_late = or_(Outbox.next_try_at < now - LATE, and_(Outbox.last_error != "", Outbox.made_at < now - LATE))
    late = db.session.scalar(rows.where(Outbox.done_at.is_(None), is_late)) or 0
    failed = db.session.scalar(rows.where(Outbox.result == "failed", Outbox.done_at > now - LATELY)) or 0
    if late:
        yield mend("outbox", f"{late:,} mails have waited for over 15 minutes", "see worker and mail above")
    if failed:
        yield mend(
            "outbox",
            f"{failed:,} mails of the last seven days were given up",
            "mend the mail server; what they told stands in the portal for those people",
        )
    if not (late or failed):
        yield good("outbox", f"{waiting:,} waiting, none late, none given up in seven days")


def problems(patient: Patient) -> Iterable[Finding]:
    """HELP-1: what people report goes to whoever runs the portal."""
    if patient.settings.operator_email or holders_of(Role.OPERATOR):
        yield good("problems", "what people report reaches whoever runs the portal")
    else:
        yield mend(
            "problems",
            "what people report reaches nobody: there is neither an operator nor an address",
            "set OPERATOR_EMAIL, or run: flask people grant E-MAIL operator NUMBER",
        )


def undeliverable(_patient: Patient) -> Iterable[Finding]:
    """SHARE-7: how many, never who."""
    failed = select(func.count()).where(Person.mail_failed_at.is_not(None), Person.ended_at.is_(None))
    held = exists().where(RoleHeld.person_id == Person.id, RoleHeld.ended_at.is_(None))
    if count := db.session.scalar(failed.where(held)):
        yield note(
            "addresses",
            f"mail to {'one person' if count == 1 else f'{count:,} people'} comes back",
            "whoever gives roles there sees to whom, on their page of people: ask them for an address that works",
        )


def _greet(smtp_url: str) -> None:
    address = urlsplit(smtp_url)
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    with kind(address.hostname or "localhost", address.port or 25, timeout=SECONDS) as mail:
        code, _ = mail.ehlo()
        if code != 250:
            raise smtplib.SMTPHeloError(code, b"")
        if address.username:
            if address.scheme == "smtp":
                mail.starttls()
            mail.login(unquote(address.username), unquote(address.password or ""))
