"""Whom it tells that facts of a letter are others now: who had it written (`cases/lists/notifications.csv`)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, select

from app.cases.models import Status
from app.cases.rules import listed_channel
from app.core import events
from app.core.db import db
from app.core.events import Happened, Told
from app.core.told import finds
from app.letters.signing.tells import places_of_letters
from app.people.models import RoleHeld
from app.people.telling.models import TellingChoice
from app.people.telling.rules import channel_for

CHANGED = "letter.facts_changed"
LISTED = "letter_facts_changed"
finds(CHANGED)(places_of_letters)


@events.tells_of_each(CHANGED)
def facts_changed(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    """In a role they hold at the service that has the case, as they chose to be told; nobody of a case that is closed, or of their
    own act."""
    chosen = and_(TellingChoice.person_id == RoleHeld.person_id, TellingChoice.event == LISTED)
    of_cases = [each for each in those if _is_open(each)]
    authors = {each.on.asked_by_id for each in of_cases} - {each.about.changed_by_id for each in of_cases}
    held = select(RoleHeld, TellingChoice.how).outerjoin(TellingChoice, chosen)
    held = held.where(RoleHeld.person_id.in_(authors), RoleHeld.ended_at.is_(None)).order_by(RoleHeld.id.desc())
    channel, told = listed_channel(LISTED), {}
    for row in db.session.execute(held) if authors else ():
        role = row.RoleHeld
        how = channel_for(channel, row.how)
        told[role.person_id, role.organisation_id] = Told(role.person_id, role.role, role.organisation_id, how)
    return [
        [told[author]] if _is_open(each) and (author := (each.on.asked_by_id, each.on.organisation_id)) in told else []
        for each in those
    ]


def _is_open(happened: Happened) -> bool:
    """The case is still with whoever wrote the letter. A school's letter has none."""
    about = happened.about
    return about is not None and about.status is not Status.CLOSED and about.service_id == happened.on.organisation_id
