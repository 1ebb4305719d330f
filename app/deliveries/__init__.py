"""What the worker sends: each mail is asked again whether that person may see what it is about."""

from flask import current_app

from app.core import outbox
from app.core.db import db
from app.core.outbox import Delivery
from app.core.told import places
from app.deliveries.mails import mail_of
from app.deliveries.readers import reader_of
from app.deliveries.server import hand_over


def deliver_due() -> None:
    """Everything in the outbox that is due."""
    outbox.deliver(_send)


def _send(delivery: Delivery) -> str:
    """One mail; answers with the result in words."""
    reader = reader_of(delivery)
    if reader is None:
        return "not sent: no longer has that role"
    place = places(reader, [delivery]).get(delivery.id)
    if place is None:
        return "not sent: may not see it now"
    message = mail_of(delivery, place, to=reader.email)
    db.session.rollback()
    hand_over(current_app.extensions["settings"].smtp_url, message)
    return "sent"
