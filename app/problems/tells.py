"""Whom a reported problem tells: whoever runs the portal, one of them by mail, without a word of what was written."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox, Told
from app.core.told import Place, Row, finds
from app.people.models import Role
from app.people.queries import Actor, holders_of
from app.problems.models import ProblemReport
from app.problems.policy import visible
from app.problems.rules import REPORTED


@events.tells(REPORTED)
def reported(report: ProblemReport, by: events.By, about: Any) -> Iterable[Told]:
    """One mail is enough: they share an address, where one is set. Also to a reporter who is the only one."""
    holders = sorted(holders_of(Role.OPERATOR), key=lambda holder: int(holder.person_id))
    for number, holder in enumerate(holders):
        channel = Channel.APP if number else Channel.APP_EMAIL
        yield Told(holder.person_id, Role.OPERATOR, holder.organisation_id, channel)


@finds(REPORTED)
def places_of_reports(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of each; its reference is all that a mail says."""
    statement = (
        select(Outbox.id, ProblemReport.reference)
        .join(ProblemReport, ProblemReport.id == Outbox.thing_id)
        .where(Outbox.id.in_([row.id for row in those]), visible(reader))
    )
    return {
        each.id: Place(f"/help/problems/{each.reference}", name=each.reference, facts={"reference": each.reference})
        for each in db.session.execute(statement)
    }
