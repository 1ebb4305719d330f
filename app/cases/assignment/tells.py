"""Whom it tells that several cases changed hands at once: who has them now, and who had them, each once (CASE-9)."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.cases.assignment.rules import GIVEN, TAKEN
from app.cases.naming import Several
from app.cases.places import named_together
from app.core import events
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds
from app.people.models import Role
from app.people.queries import Actor


@events.tells(GIVEN)
@events.tells(TAKEN)
def several_changed_hands(several: Several, by: events.By, about: Any) -> Iterable[Told]:
    if several.person_id == by.person_id:
        return []
    return [Told(several.person_id, Role.CASE_MANAGER, several.organisation_id, Channel.APP_EMAIL)]


@finds(GIVEN)
def places_given(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """How many came at that moment; each stands in My work until it was opened."""
    return {row_id: Place("/workspace/", name=said) for row_id, said in named_together(those, "since")}


@finds(TAKEN)
def places_taken(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """How many went; they may no longer be able to open one."""
    return {row_id: Place(name=said) for row_id, said in named_together(those, "until")}
