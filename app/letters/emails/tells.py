"""Whom it tells that a letter could not be sent by e-mail: who sent it (`cases/lists/notifications.csv`)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, select

from app.cases.rules import listed_channel
from app.core import events
from app.core.db import db
from app.core.events import Told
from app.core.told import Place, Row, finds
from app.letters.emails.models import LetterMail
from app.letters.models import Letter
from app.letters.school.tells import places_at_school
from app.letters.signing.tells import places_of_letters
from app.people.models import RoleHeld
from app.people.queries import Actor
from app.people.telling.models import TellingChoice
from app.people.telling.rules import channel_for

NOT_SENT = "letter.mail_failed"
LISTED = "letter_not_sent"


@finds(NOT_SENT)
def places_of_mails(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the letter, of a case or of a school."""
    return {**places_of_letters(reader, those), **places_at_school(reader, those)}


@events.tells(NOT_SENT)
def mail_failed(letter: Letter, by: events.By, about: Any) -> Iterable[Told]:
    """In a role that they hold there now, as they chose to be told; nobody where they hold none any more."""
    asked = select(LetterMail.asked_by_id).where(LetterMail.letter_id == letter.id)
    asker = asked.order_by(LetterMail.id.desc()).limit(1).scalar_subquery()
    chosen = and_(TellingChoice.person_id == RoleHeld.person_id, TellingChoice.event == LISTED)
    here = (RoleHeld.organisation_id == letter.organisation_id, RoleHeld.ended_at.is_(None))
    held = select(RoleHeld, TellingChoice.how).outerjoin(TellingChoice, chosen)
    found = db.session.execute(held.where(RoleHeld.person_id == asker, *here).order_by(RoleHeld.id).limit(1))
    channel = listed_channel(LISTED)
    return [
        Told(row.RoleHeld.person_id, row.RoleHeld.role, letter.organisation_id, channel_for(channel, row.how))
        for row in found
    ]
