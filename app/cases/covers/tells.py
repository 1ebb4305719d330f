"""Whom it tells that somebody stands in for a case manager, or does so no more before the days are over."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.cases.covers.rules import (
    COVERED,
    COVERED_WITH_OTHERS,
    ENDED,
    ENDED_TOGETHER,
    LISTED,
    STANDS_IN,
    STOOD_IN_FOR,
)
from app.cases.models import CasePerson
from app.cases.naming import AmongOthers, Several
from app.cases.places import lost_cases, named_together
from app.cases.rules import listed_channel
from app.cases.tells import of_school, told_of
from app.core import events
from app.core.db import db
from app.core.events import Happened, Told
from app.core.told import Place, Row, finds
from app.people.models import Role
from app.people.queries import Actor
from app.people.telling.models import TellingChoice
from app.people.telling.rules import channel_for


@events.tells(COVERED)
def case_covered(named: CasePerson, by: events.By, about: Any) -> Iterable[Told]:
    """Whoever has the case, who stands in, and the school's contact; also where it begins later."""
    told = told_of(named.case_id, LISTED, by=by)
    known = {each.person_id for each in told}
    return told if named.person_id in known else [*told, *_themselves(named.person_id, named.organisation_id, by)]


@events.tells_of_each(COVERED_WITH_OTHERS)
def cases_covered_with_others(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    return of_school(those, LISTED, by=by)


@events.tells_of_each(ENDED)
def cover_ended(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    """The same people, as it reaches those who were told that it begins; who stood in may not see the case any more."""
    if isinstance(those[0].on, AmongOthers):
        return of_school(those, LISTED, by=by)
    return [case_covered(each.on, by, each.about) for each in those]


@events.tells(STANDS_IN)
@events.tells(STOOD_IN_FOR)
@events.tells(ENDED_TOGETHER)
def caseload_covered(several: Several, by: events.By, about: Any) -> Iterable[Told]:
    return _themselves(several.person_id, several.organisation_id, by)


@finds(STANDS_IN)
@finds(STOOD_IN_FOR)
def places_of_caseloads(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """How many cases; they stand among one's own."""
    return {row_id: Place("/workspace/cases/", name=said) for row_id, said in named_together(those, "since")}


@finds(ENDED_TOGETHER)
def places_of_what_ended(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    return {row_id: Place("/workspace/cases/", name=said) for row_id, said in named_together(those, "until")}


finds(ENDED)(lost_cases)


def _themselves(person_id: int, organisation_id: int, by: events.By) -> list[Told]:
    """As they chose; nobody of their own act."""
    if person_id == by.person_id:
        return []
    chosen = select(TellingChoice.how).where(TellingChoice.person_id == person_id, TellingChoice.event == LISTED)
    channel = channel_for(listed_channel(LISTED), db.session.scalar(chosen))
    return [Told(person_id, Role.CASE_MANAGER, organisation_id, channel)]
