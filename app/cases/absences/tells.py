"""Whom it tells that a student misses more school since the transition began."""

from collections.abc import Iterable, Sequence

from app.cases.absences.rules import WORSE
from app.cases.tells import told_of_each
from app.core import events
from app.core.events import Happened, Told

LISTED = "attendance_worse_in_transition"


@events.tells_of_each(WORSE)
def attendance_is_worse(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    """Who has the case, or stands in."""
    told = told_of_each([each.about.id for each in those], LISTED, by=by)
    return [told[each.about.id] for each in those]
