"""Whom a role that is asked for tells: who can give it; and once it is decided, who asked."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core import events
from app.core.db import AnyRow
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds
from app.people.models import Role
from app.people.queries import Actor, people_with
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.rules import ASKED, NAMED, REFUSED, TOLD_OF_ROLES
from app.people.rules import LABELS, people_page

WHO_CARES = (Role.DELEGATED_AUTHORISER, Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


@events.tells(ASKED)
def asked(request: RoleRequest, by: events.By, about: Any) -> Iterable[Told]:
    """The authorisers of the organisation: they give it or refuse it."""
    return _told(request, people_with(request.organisation_id, Role.DELEGATED_AUTHORISER), by)


@events.tells(NAMED)
def named(request: RoleRequest, by: events.By, about: Any) -> Iterable[Told]:
    """Somebody was named who has no role: the authorisers, and at a school the attendance leads, else office support, who are
    told in their place until then (CASE-3)."""
    people = people_with(request.organisation_id, *WHO_CARES)
    has_lead = any(person.role is Role.ATTENDANCE_LEAD for person in people)
    return _told(request, [each for each in people if not (has_lead and each.role is Role.OFFICE_SUPPORT)], by)


@events.tells(REFUSED)
def refused(request: RoleRequest, by: events.By, about: Any) -> Iterable[Told]:
    """Who asked for it: the person themselves, or the colleague who named them."""
    if request.asked_by_id == by.person_id:
        return []
    return [Told(request.asked_by_id, request.role, request.organisation_id, Channel.APP_EMAIL)]


@finds(*TOLD_OF_ROLES)
def places_of_roles(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The people of the organisation; of roles that are asked for only to whoever gives them."""
    place = Place(people_page(reader.organisation_kind), facts={"role": LABELS[reader.role]})
    return {row.id: place for row in those if row.event != ASKED or reader.role is Role.DELEGATED_AUTHORISER}


def _told(request: RoleRequest, people: Iterable[AnyRow], by: events.By) -> list[Told]:
    """Each once, whoever holds two of these roles as authoriser."""
    found: dict[int, Told] = {}
    for person in people:
        if person.id != by.person_id and (person.id not in found or person.role is Role.DELEGATED_AUTHORISER):
            found[person.id] = Told(person.id, person.role, request.organisation_id, Channel.APP_EMAIL)
    return list(found.values())
