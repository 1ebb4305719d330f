"""Whom a change of a case's status tells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from app.cases.entries import Entry
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told

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


@events.tells(CHANGED)
def status_changed(changed: Changed, by: events.By, about: Any) -> Iterable[Told]:
    return told_of(about.id, STATUS, by=by, but_for=changed.told_as)
