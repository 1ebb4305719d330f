"""Whom a change of a case's status tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.cases.entries import Entry
from app.cases.tells import told_of_each
from app.core import events
from app.core.events import Happened, Told

CHANGED = "case.status_changed"
STATUS = "status_changed"
"""What `notifications.csv` calls it."""


@dataclass(frozen=True)
class Changed:
    """A change of status, told by its entry on the timeline. `told_as`: what else of `notifications.csv` the same act tells;
    whoever that reaches is not told twice."""

    id: int
    told_as: frozenset[str] = field(default=frozenset())
    __tablename__ = Entry.__tablename__


@events.tells_of_each(CHANGED)
def status_changed(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    """What is done to several cases at once tells of the same besides."""
    told_as = those[0].on.told_as
    told = told_of_each([each.about.id for each in those], STATUS, by=by, but_for=told_as)
    return [told[each.about.id] for each in those]
