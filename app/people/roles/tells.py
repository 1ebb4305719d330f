"""Whom a role that is given or ended tells (`notifications.csv`: role_given, role_ended)."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core import events
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds
from app.people.models import Role, RoleHeld
from app.people.queries import Actor, people_with
from app.people.roles.rules import ENDED, GIVEN, HANDED_ON, HandedOn
from app.people.rules import ACCOUNT, LABELS, people_page


@events.tells(GIVEN)
def given(held: RoleHeld, by: events.By, about: Any) -> Iterable[Told]:
    """Who has it now."""
    if held.person_id == by.person_id:
        return []
    return [Told(held.person_id, held.role, held.organisation_id, Channel.APP_EMAIL)]


@events.tells(ENDED)
def ended(held: RoleHeld, by: events.By, about: Any) -> Iterable[Told]:
    """Who had it."""
    return given(held, by, about)


@events.tells(HANDED_ON)
def handed_on(what: HandedOn, by: events.By, about: Any) -> Iterable[Told]:
    """Whoever got what was left, once for all of it, in a role that they hold; and who else gives roles here."""
    found: dict[int, Told] = {}
    for person in people_with(what.organisation_id, *Role):
        is_giver = person.role is Role.DELEGATED_AUTHORISER
        if person.id != by.person_id and is_giver is not (person.id in what.heirs):
            found[person.id] = Told(person.id, person.role, what.organisation_id, Channel.APP_EMAIL)
    return list(found.values())


@finds(GIVEN)
def places_of_given(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The first page of that role."""
    return _all_at(reader.home, reader, those)


@finds(ENDED)
def places_of_ended(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Which roles they still hold."""
    return _all_at(ACCOUNT, reader, those)


@finds(HANDED_ON)
def places_of_handed_on(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Who holds which role now; the authoriser's first page too."""
    return _all_at(people_page(reader.organisation_kind), reader, those)


def _all_at(path: str, reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    return {row.id: Place(path, facts={"role": LABELS[reader.role]}) for row in those}
