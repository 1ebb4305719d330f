"""Whom a role that is given or ended tells (`notifications.csv`: role_given, role_ended)."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core import events
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds
from app.people.models import RoleHeld
from app.people.queries import Actor
from app.people.roles.rules import GIVEN
from app.people.rules import LABELS


@events.tells(GIVEN)
def given(held: RoleHeld, by: events.By, about: Any) -> Iterable[Told]:
    """Who has it now."""
    if held.person_id == by.person_id:
        return []
    return [Told(held.person_id, held.role, held.organisation_id, Channel.APP_EMAIL)]


@finds(GIVEN)
def places_of_roles(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The first page of that role."""
    place = Place(reader.home, facts={"role": LABELS[reader.role]})
    return {row.id: place for row in those}
