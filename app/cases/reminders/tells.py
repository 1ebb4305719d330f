"""Whom it tells that something is due, or has passed."""

from collections.abc import Iterable
from typing import Any

from app.cases.models import Case
from app.cases.reminders.rules import LISTED
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told


def _tells(event: str) -> None:
    @events.tells(event)
    def reminded(thing: Any, by: events.By, about: Case) -> Iterable[Told]:
        return told_of(about.id, LISTED[event], by=by)


for each in LISTED:
    _tells(each)
