"""Whom a reported problem tells: whoever runs the portal, one of them by mail, without a word of what was written."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core import events
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds, things_of
from app.people.models import Role
from app.people.queries import Actor, holders_of
from app.problems.models import ProblemReport
from app.problems.policy import visible
from app.problems.rules import REPORTED


@events.tells(REPORTED)
def reported(report: ProblemReport, by: events.By, about: Any) -> Iterable[Told]:
    """One mail is enough: they share an address, where one is set. Also to a reporter who is the only one. Where nobody holds
    that role, the mail goes to the address alone; in the app it is nobody's."""
    holders = sorted(holders_of(Role.OPERATOR), key=lambda holder: int(holder.person_id))
    if not holders:
        yield Told(by.person_id, Role.OPERATOR, by.organisation_id, Channel.APP_EMAIL)
    for number, holder in enumerate(holders):
        channel = Channel.APP if number else Channel.APP_EMAIL
        yield Told(holder.person_id, Role.OPERATOR, holder.organisation_id, channel)


@finds(REPORTED)
def places_of_reports(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The page of each; its reference is all that a mail says."""
    return {
        row.id: Place(f"/help/problems/{row.reference}", name=row.reference, facts={"reference": row.reference})
        for row in things_of(those, ProblemReport, ProblemReport.reference, seen=visible(reader))
    }
