"""What a mail says: a sentence, the number of the case and a link; nothing personal (SHARE-7)."""

from email.message import EmailMessage
from uuid import NAMESPACE_URL, uuid5

from flask import current_app, render_template

from app.core import mail
from app.core.outbox import Delivery
from app.core.told import Place
from app.people.telling.rules import WORDS

LISTED = "/notifications/"
"""Where what has no page of its own stands."""


def mail_of(delivery: Delivery, place: Place, *, to: str) -> EmailMessage:
    """Of one thing. What has no words of its own as a mail says what the app says."""
    settings = current_app.extensions["settings"]
    text = render_template(
        [f"mail/{delivery.event}.txt", "mail/news.txt"],
        number=place.number,
        link=settings.address(place.path or LISTED),
        words=WORDS[delivery.event],
        **place.facts,
    )
    return _composed(delivery, text, to)


def _composed(delivery: Delivery, text: str, to: str) -> EmailMessage:
    settings = current_app.extensions["settings"]
    key = uuid5(NAMESPACE_URL, settings.address(f"/outbox/{delivery.id}/{delivery.made_at}"))
    return mail.compose(sender=settings.mail_from, to=to, text=text, key=str(key))
