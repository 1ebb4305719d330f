"""Whom it tells that a pause is asked for, approved or refused."""

from collections.abc import Iterable

from app.cases.becoming import STATUS
from app.cases.models import Case
from app.cases.pauses.models import Pause
from app.cases.pauses.rules import APPROVED, ASKED, REFUSED
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told

LISTED = "pause_answered"
"""What `notifications.csv` calls it."""


@events.tells(ASKED)
def pause_asked(pause: Pause, by: events.By, about: Case) -> Iterable[Told]:
    """Who is to answer."""
    return told_of(about.id, "pause_asked", by=by)


@events.tells(APPROVED)
def pause_approved(pause: Pause, by: events.By, about: Case) -> Iterable[Told]:
    """The other leads, where one of them asked: whoever has the case learns of it as of any change of its status."""
    return told_of(about.id, LISTED, by=by, but_for=(STATUS,))


@events.tells(REFUSED)
def pause_refused(pause: Pause, by: events.By, about: Case) -> Iterable[Told]:
    """Who has the case, and the other leads: whoever asked is one of them."""
    return told_of(about.id, LISTED, by=by)
