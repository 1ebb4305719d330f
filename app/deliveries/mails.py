"""What a mail says: sentences, the number of the case and a link; nothing personal (SHARE-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import NAMESPACE_URL, uuid5

from flask import current_app, render_template

from app.core import mail
from app.core.events import Channel
from app.core.outbox import Delivery
from app.core.security import link_code
from app.core.told import Place
from app.people.queries import Actor
from app.people.telling.rules import FROM_MAIL, words_of
from app.problems.rules import REPORTED

REFERENCE = "referral.submitted"
"""A mail of several things leads with the number of a request that was sent (REQ-9)."""


@dataclass(frozen=True)
class Seen:
    """Something that this person may see now, and where it stands."""

    delivery: Delivery
    reader: Actor
    place: Place

    @property
    def words(self) -> str:
        return words_of(self.delivery.event)

    @property
    def number(self) -> str:
        return self.place.number

    @property
    def link(self) -> str:
        """Through who comes and in which role, to the page itself; who holds no role comes to no page but the first."""
        settings = current_app.extensions["settings"]
        code = link_code(settings.secret_key, self.delivery.id)
        address: str = settings.address(f"{FROM_MAIL}{code}" if self.reader.role_held_id else self.place.path)
        return address


def mail_of(delivery: Delivery, seen: Sequence[Seen]) -> EmailMessage:
    """Of one thing, of several on a case, or of a day; it keeps its Message-ID however often it is tried."""
    settings = current_app.extensions["settings"]
    key = uuid5(NAMESPACE_URL, settings.address(f"/outbox/{delivery.id}/{delivery.made_at}"))
    to = _address(seen[0])
    return mail.compose(sender=settings.mail_from, to=to, text=_text(delivery, seen), key=str(key))


def _address(seen: Seen) -> str:
    """Whoever runs the portal may want problems at an address that is nobody's own."""
    operator: str = current_app.extensions["settings"].operator_email
    return (operator if seen.delivery.event == REPORTED else "") or seen.reader.email


def _text(delivery: Delivery, seen: Sequence[Seen]) -> str:
    """What has no words of its own as a mail says what the app says."""
    if delivery.channel is Channel.APP_DIGEST:
        return render_template("mail/digest.txt", kinds=_kinds(seen), count=len(seen))
    first, *rest = sorted(seen, key=lambda one: one.delivery.event != REFERENCE)
    if rest and first.delivery.event != REFERENCE:
        return render_template("mail/of_case.txt", kinds=_kinds(seen), number=first.number, link=first.link)
    own, other = f"mail/{first.delivery.event}.txt", "mail/news.txt"
    said = {"number": first.number, "link": first.link, "words": first.words, **first.place.facts}
    return render_template([own, other], **said, kinds=_kinds(rest))


def _kinds(seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    """By what happened, each in the order in which it did."""
    kinds: dict[str, list[Seen]] = {}
    for one in sorted(seen, key=lambda one: one.delivery.id):
        kinds.setdefault(one.words, []).append(one)
    return kinds
