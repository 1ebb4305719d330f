"""What the worker sends: each mail is asked again whether that person may see what it is about."""

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
from uuid import NAMESPACE_URL, uuid5

from flask import current_app, render_template
from sqlalchemy import select

from app.cases import policy as case_policy
from app.cases.entries import Entry
from app.cases.files.rules import INFECTED
from app.cases.models import Case
from app.core import mail, outbox
from app.core.db import db
from app.core.outbox import Delivery
from app.people.models import Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.role_requests.rules import TOLD_OF_ROLES, TOLD_WITHOUT_ROLE
from app.people.rules import ACCOUNT, LABELS, home
from app.referrals.drafts.queries import draft_told_of, end_of
from app.referrals.drafts.rules import TOLD_OF_DRAFTS
from app.referrals.models import Referral

OF_ALL_MAILS = (
    SMTPConnectError,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPServerDisconnected,
    SMTPAuthenticationError,
)
"""What the mail server says of everything, not of one mail."""


def deliver_due() -> None:
    """Everything in the outbox that is due."""
    outbox.deliver(_send)


def _send(delivery: Delivery) -> str:
    """One mail; answers with the result in words."""
    reader = _reader(delivery)
    if reader is None:
        return "not sent: no longer has that role"
    said = _said(reader, delivery)
    if said is None:
        return "not sent: may not see it now"
    settings = current_app.extensions["settings"]
    text = render_template(f"mail/{delivery.event}.txt", **said)
    key = uuid5(NAMESPACE_URL, settings.address(f"/outbox/{delivery.id}/{delivery.made_at}"))
    message = mail.compose(sender=settings.mail_from, to=reader.email, text=text, key=str(key))
    db.session.rollback()
    _hand_over(settings.smtp_url, message)
    return "sent"


def _said(reader: Actor, delivery: Delivery) -> dict[str, object] | None:
    """What the mail says besides its usual words; nothing where that person may not see now what it is about."""
    address = current_app.extensions["settings"].address
    if delivery.event in TOLD_OF_DRAFTS:
        draft = draft_told_of(reader, delivery.event, delivery.thing_id)
        return {"link": address(f"/portal/referrals/{draft.public_id}/"), "ends_on": end_of(draft)} if draft else None
    if delivery.event in TOLD_OF_ROLES:
        return {"link": address(home(reader.role)), "role": LABELS[reader.role]}
    if delivery.event == INFECTED:
        return {"link": address("/notifications/")}
    if not _may_see(reader, delivery):
        return None
    number = db.session.scalar(select(Case.number).where(Case.id == delivery.case_id))
    start = home(reader.role)
    return {"number": number, "link": address(start if start == ACCOUNT else f"{start}cases/{number}/")}


def _hand_over(smtp_url: str, message: EmailMessage) -> None:
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


def _reader(delivery: Delivery) -> Actor | None:
    """The person in the role they were told in, if they still hold it."""
    statement = (
        select(
            Person.public_id, Person.name, Person.email, RoleHeld.id, Organisation.name.label("at"), Organisation.kind
        )
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(
            Person.id == delivery.person_id,
            Person.ended_at.is_(None),
            RoleHeld.organisation_id == delivery.organisation_id,
            RoleHeld.role == delivery.role,
            RoleHeld.ended_at.is_(None),
        )
    )
    if delivery.event in TOLD_WITHOUT_ROLE:
        return _former_reader(delivery)
    row = db.session.execute(statement).first()
    if row is None:
        return None
    role = Role(delivery.role)
    return Actor(
        delivery.person_id, row.public_id, row.name, row.email, role, row.id, delivery.organisation_id, row.at, row.kind
    )


def _former_reader(delivery: Delivery) -> Actor | None:
    """The person, told of a role that they do not hold: it was refused."""
    person, there = db.session.get(Person, delivery.person_id), db.session.get(Organisation, delivery.organisation_id)
    if person is None or there is None or person.ended_at:
        return None
    role = Role(delivery.role)
    return Actor(person.id, person.public_id, person.name, person.email, role, 0, there.id, there.name, there.kind)


def _may_see(reader: Actor, delivery: Delivery) -> bool:
    """Whoever lost a case, and whoever sent a request for which somebody else is the contact, is still told (REQ-9)."""
    if delivery.event == "case.taken_from" or (delivery.thing == "referral" and _has_sent(reader, delivery.thing_id)):
        return True
    seen = select(Case.id).where(Case.id == delivery.case_id, case_policy.visible(reader))
    if delivery.thing == "entry":
        entry = select(Entry.id).where(Entry.id == delivery.thing_id, case_policy.readable(reader))
        seen = seen.where(entry.exists())
    return db.session.scalar(seen) is not None


def _has_sent(reader: Actor, referral_id: int) -> bool:
    sent = select(Referral.id).where(Referral.id == referral_id, Referral.submitted_by_id == reader.person_id)
    return db.session.scalar(sent) is not None
