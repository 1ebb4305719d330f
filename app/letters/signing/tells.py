"""Whom it tells that a formal warning waits to be signed off, or was (`cases/lists/notifications.csv`)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, select

from app.cases.places import places_on_cases
from app.cases.rules import listed_channel
from app.cases.tells import told_of
from app.core import events
from app.core.db import db
from app.core.events import Outbox, Told
from app.core.told import Place, Row, finds
from app.letters.models import Letter
from app.people.models import Kind, RoleHeld
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.people.telling.models import TellingChoice
from app.people.telling.rules import channel_for

ASKED, SIGNED, SENT_BACK = "letter.sign_off_asked", "letter.signed", "letter.sent_back"
ANSWERED = "letter_signed_or_sent_back"


@finds(ASKED, SIGNED, SENT_BACK)
def places_of_letters(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of the letter, for whoever works its case by now; else as any of a case."""
    on_cases = places_on_cases(reader, those)
    letters = select(Outbox.id, Letter.public_id).join(Letter, Letter.id == Outbox.thing_id)
    named = {row.id: row.public_id for row in db.session.execute(letters.where(Outbox.id.in_(on_cases)))}
    return {
        told: replace(place, path=f"{place.path}letters/{named[told]}") if told in named and place.path else place
        for told, place in on_cases.items()
    }


@events.tells(ASKED)
def sign_off_asked(letter: Letter, by: events.By, about: Any) -> Iterable[Told]:
    """The workflow leads."""
    return told_of(about.id, "letter_sign_off_asked", by=by)


@events.tells(SIGNED)
def signed(letter: Letter, by: events.By, about: Any) -> Iterable[Told]:
    """Who asked for it; and whoever has the case, as of any letter that is made."""
    author = _author(letter, by)
    known = {told.person_id for told in author}
    others = told_of(about.id, "letter_made_or_sent", by=by)
    return [*author, *(told for told in others if told.person_id not in known)]


@events.tells(SENT_BACK)
def sent_back(letter: Letter, by: events.By, about: Any) -> Iterable[Told]:
    """Who asked for it."""
    return _author(letter, by)


def _author(letter: Letter, by: events.By) -> list[Told]:
    """In the role they hold there now, as they chose to be told."""
    chosen = and_(TellingChoice.person_id == RoleHeld.person_id, TellingChoice.event == ANSWERED)
    asker = (RoleHeld.person_id == letter.sign_asked_by_id, RoleHeld.person_id != by.person_id)
    here = (RoleHeld.organisation_id == letter.organisation_id, RoleHeld.role.in_(ROLES_OF[Kind.SERVICE]))
    held = select(RoleHeld, TellingChoice.how).outerjoin(TellingChoice, chosen)
    found = db.session.execute(held.where(*asker, *here, RoleHeld.ended_at.is_(None)).order_by(RoleHeld.id).limit(1))
    channel = listed_channel(ANSWERED)
    return [
        Told(row.RoleHeld.person_id, row.RoleHeld.role, row.RoleHeld.organisation_id, channel_for(channel, row.how))
        for row in found
    ]
