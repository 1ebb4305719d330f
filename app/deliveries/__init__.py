"""What the worker sends: of each thing it is asked again whether that person may see it; nothing is left, no mail leaves."""

from collections.abc import Iterator
from email.message import EmailMessage
from itertools import groupby
from smtplib import SMTPException

from flask import current_app

from app.calendars.working_days import is_working_day
from app.core import clock, outbox
from app.core.claims import SENT
from app.core.db import begin_write, db
from app.core.events import Channel
from app.core.figures import the_figures
from app.core.outbox import Delivery
from app.core.told import places
from app.deliveries.mails import Seen, mail_of
from app.deliveries.readers import NOBODY, reader_of, region_of
from app.deliveries.server import hand_over, why_for_good
from app.people.telling.actions import mail_arrived, mail_came_back
from app.people.telling.queries import does_mail_come_back

AT_ONCE = frozenset({"case.taken_from", "referral.submitted"})
"""What cannot be muted and is too late in an hour: the reference of a request that was just sent (REQ-9), an urgent case in the
queue, and that somebody else has the case now; what else is to be told of the case leaves with it. All else about a case is one
mail an hour at most."""


def deliver_due() -> None:
    """Everything in the outbox that is due."""
    outbox.deliver(_send, at_once=AT_ONCE)


def _send(delivery: Delivery) -> dict[int, str]:
    """One mail, of all that leaves together; answers with the result of each in words."""
    _refuse_day_off(delivery)
    seen, results = [], {}
    for each, told in _looked_up(delivery):
        if isinstance(told, Seen):
            seen.append(told)
        results[each.id] = SENT if isinstance(told, Seen) else told
    if seen:
        message, reader = mail_of(delivery, seen), seen[0].reader
        to = reader.person_id if message["To"] == reader.email else NOBODY
        came_back = does_mail_come_back(to)
        db.session.rollback()
        _hand_over(message, to, came_back=came_back)
    return results


def _hand_over(message: EmailMessage, person_id: int, *, came_back: bool) -> None:
    """Whether mail to this person comes back is noted, so that somebody sees it (SHARE-7). What comes back from an address that
    is nobody's own says nothing of anybody."""
    try:
        hand_over(current_app.extensions["settings"].smtp_url, message)
    except SMTPException as error:
        if why := why_for_good(error):
            begin_write()
            mail_came_back(person_id, why)
            db.session.commit()
        raise
    if came_back:
        begin_write()
        mail_arrived(person_id)
        db.session.commit()


def _refuse_day_off(delivery: Delivery) -> None:
    """The day's one mail comes on working days."""
    if delivery.channel is Channel.APP_DIGEST:
        region = region_of(delivery.organisation_id)
        if not is_working_day(clock.today(), region):
            raise outbox.Later(clock.next_hour(clock.now(), the_figures().digest_hour))


def _looked_up(delivery: Delivery) -> Iterator[tuple[Delivery, Seen | str]]:
    """Each thing as its reader sees it now, in the role they were told in; or why it is not sent."""
    for _, group in groupby(sorted(delivery.all, key=_as_whom), key=_as_whom):
        together = list(group)
        reader = reader_of(together[0])
        found = places(reader, together) if reader else {}
        for each in together:
            if reader is None:
                yield each, "not sent: no longer has that role"
            elif each.id not in found:
                yield each, "not sent: may not see it now"
            elif each.channel is Channel.APP_DIGEST and each.read_at:
                yield each, "not sent: read before"
            else:
                yield each, Seen(each, reader, found[each.id])


def _as_whom(delivery: Delivery) -> tuple[int, str]:
    return delivery.organisation_id, delivery.role
