"""Whom it tells that a case is wanted elsewhere."""

from collections.abc import Iterable

from app.cases.models import Case
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told
from app.people.models import Organisation

TRANSFER_ASKED = "case.transfer_asked"


@events.tells(TRANSFER_ASKED)
def transfer_asked(there: Organisation, by: events.By, about: Case) -> Iterable[Told]:
    """The leads of the service that has the case (the investigators too, once they have pages)."""
    return told_of(about.id, "transfer_asked", by=by)
