"""Whom it tells that a school asks for support for a group: who leads its provider; without one, the investigators."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.cases.services.rules import ASKED, GroupAsked, in_words
from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox, Told
from app.core.told import Place, Row, finds, things_of
from app.people.models import Catchment, Organisation, Role, School
from app.people.queries import Actor, holders_of, people_with


@events.tells(ASKED)
def group_asked(asked: GroupAsked, by: events.By, about: Any) -> Iterable[Told]:
    provider = (
        select(Catchment.service_id)
        .join(School, School.catchment_id == Catchment.id)
        .where(School.organisation_id == asked.id)
    )
    service_id = db.session.scalar(provider)
    if service_id is None:
        there = [(each.person_id, Role.INVESTIGATOR, each.organisation_id) for each in holders_of(Role.INVESTIGATOR)]
    else:
        there = [(each.id, Role.WORKFLOW_LEAD, service_id) for each in people_with(service_id, Role.WORKFLOW_LEAD)]
    return [Told(*whom, Channel.APP_EMAIL) for whom in there]


@finds(ASKED)
def places_of_groups(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The app says in a line which school, whom to ring, and what was chosen; a service’s lead makes an initiative of it."""
    if reader.role not in {Role.WORKFLOW_LEAD, Role.INVESTIGATOR}:
        return {}
    found = things_of(those, Organisation, Outbox.thing, Organisation.name, Organisation.phone)
    page = "/workspace/initiatives/" if reader.role is Role.WORKFLOW_LEAD else ""
    return {each.id: Place(page, name=f"{each.name}, {each.phone}: {in_words(each.thing)}") for each in found}
