"""Whom it tells that a case has gone to another service."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.cases.models import Case
from app.cases.places import lost_cases
from app.core import events
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds
from app.people.models import Organisation, Role
from app.people.queries import Actor, people_with

MOVED_AWAY = "case.moved_away"


@dataclass(frozen=True)
class Away:
    """The service that a case has left."""

    id: int
    __tablename__ = Organisation.__tablename__


@events.tells(MOVED_AWAY)
def moved_away(left: Away, by: events.By, about: Case) -> Iterable[Told]:
    """The leads there, as those of the service where it goes: it may be in nobody's hands yet, so that nobody else would be."""
    leads = people_with(left.id, Role.WORKFLOW_LEAD)
    return [Told(lead.id, lead.role, left.id, Channel.APP_EMAIL) for lead in leads if lead.id != by.person_id]


@finds(MOVED_AWAY)
def places_away(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Its number alone."""
    return dict(lost_cases(reader, those))
