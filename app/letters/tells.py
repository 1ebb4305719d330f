"""Whom a letter tells: the case manager and their cover, of what somebody else did (`cases/lists/notifications.csv`)."""

from collections.abc import Iterable
from typing import Any

from app.cases.tells import told_of
from app.core import events
from app.core.events import Told
from app.letters.models import Letter


@events.tells("letter.made")
@events.tells("letter.sent")
@events.tells("letter.sending_corrected")
@events.tells("letter.came_back")
@events.tells("letter.voided")
def letter_changed(letter: Letter, by: events.By, about: Any) -> Iterable[Told]:
    return told_of(letter.case_id, "letter_made_or_sent", by=by) if letter.case_id else ()
