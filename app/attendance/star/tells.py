"""Whom it tells that students have passed a step: the school's attendance leads and its office, as each of them chose."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.attendance.star.listing import found_on
from app.attendance.star.policy import WRITERS, sees_star
from app.core import clock, events
from app.core.db import db
from app.core.events import Channel, Outbox, Told
from app.core.figures import counted
from app.core.told import Place, Row, finds
from app.people.models import Organisation
from app.people.queries import Actor
from app.people.telling.queries import holders_as_chosen
from app.people.telling.rules import channel_for

PASSED = "star.passed"
LISTED = "star_list"
"""In `notifications.csv`, which says that it is told in the app only, unless somebody chooses otherwise."""


@dataclass(frozen=True)
class Itself:
    """Waharoa finds it by itself, at this school."""

    organisation_id: int
    person_id: Any = None
    role: str = "waharoa"


@events.tells(PASSED)
def steps_passed(school: Organisation, by: events.By, about: Any) -> Iterable[Told]:
    """Whoever is both is told as the lead."""
    told: dict[int, Told] = {}
    for role in WRITERS:
        for row in holders_as_chosen(role, LISTED, school.id):
            told.setdefault(row.person_id, Told(row.person_id, role, school.id, channel_for(Channel.APP, row.how)))
    return told.values()


@finds(PASSED)
def places_of_star(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The list, and how many of the lines that were found on that day wait still. Where none does, it is told no more: no mail is
    empty."""
    rows = db.session.execute(select(Outbox.id, Outbox.made_at).where(Outbox.id.in_([row.id for row in those]))).all()
    days = {row.id: clock.nz(row.made_at).date() for row in rows}
    counts = found_on(reader.organisation_id, set(days.values())) if sees_star(reader) else {}
    return {row_id: _place(counts[day]) for row_id, day in days.items() if counts.get(day)}


def _place(count: int) -> Place:
    return Place("/portal/attendance/star", name=counted(count, "student"), facts={"count": count})
